/** An error that the service answers with. */
export class ApiError extends Error {
  private static readonly STATUS: { readonly [errorType: string]: number } = { ResourceNotFoundException: 404, ConflictException: 409 };

  constructor(public readonly errorType: 'ConflictException' | 'ResourceNotFoundException' | 'ValidationException', message: string) {
    super(message);
  }

  public get status(): number {
    return ApiError.STATUS[this.errorType] ?? 400;
  }
}
