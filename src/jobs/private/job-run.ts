/**
 * The request of `StartJobRun`, with the names of the API.
 *
 * @see https://docs.aws.amazon.com/emr-serverless/latest/APIReference/API_StartJobRun.html
 */
export interface JobRun {
  readonly applicationId: string;
  readonly executionRoleArn: string;
  readonly name?: string;
  readonly mode?: 'STREAMING';
  readonly executionTimeoutMinutes?: number;
  readonly retryPolicy?: { readonly maxAttempts?: number; readonly maxFailedAttemptsPerHour?: number };
  readonly executionIamPolicy?: { readonly policy: string };
  readonly jobDriver: {
    readonly sparkSubmit: {
      readonly entryPoint: string;
      readonly entryPointArguments?: string[];
      readonly sparkSubmitParameters?: string;
    };
  };
  readonly configurationOverrides?: {
    readonly applicationConfiguration?: ClassificationOverride[];
    readonly monitoringConfiguration?: object;
  };
  readonly tags?: { readonly [key: string]: string };
}

export interface ClassificationOverride {
  readonly classification: string;
  readonly properties?: { readonly [key: string]: string };
  readonly configurations?: ClassificationOverride[];
}

/** What one job run may have in place of what the job has. */
export interface JobRunOverrides {
  readonly name?: string;
  readonly entryPointArguments?: string[];
  readonly executionTimeoutMinutes?: number;
  readonly tags?: { readonly [key: string]: string };
}

/** The members whose keys are not names of the API. */
const MAPS = ['properties', 'tags', 'logTypes'];

/** The request with the names that Step Functions and EventBridge Scheduler expect: they start with a capital letter. */
export function pascalCased(value: unknown): unknown {
  if (Array.isArray(value)) { return value.map(pascalCased); }
  if (typeof value !== 'object' || value === null) { return value; }
  return Object.fromEntries(Object.entries(value)
    .map(([name, member]) => [`${name[0].toUpperCase()}${name.slice(1)}`, MAPS.includes(name) ? member : pascalCased(member)]));
}
