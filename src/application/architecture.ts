/**
 * The processor architecture of an application's workers.
 *
 * @see https://docs.aws.amazon.com/emr/latest/EMR-Serverless-UserGuide/architecture.html
 */
export enum Architecture {
  /** 64-bit x86 processors. */
  X86_64 = 'X86_64',

  /** 64-bit Arm processors (AWS Graviton). Build custom images and native libraries for this architecture. */
  ARM64 = 'ARM64',
}
