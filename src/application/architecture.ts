/**
 * The processor architecture of an application's workers.
 *
 * @see https://docs.aws.amazon.com/emr/latest/EMR-Serverless-UserGuide/architecture.html
 */
export enum Architecture {
  /** 64-bit x86 processors. */
  X86_64 = 'X86_64',

  /** 64-bit Arm processors (AWS Graviton). Custom images and native libraries must be built for it. */
  ARM64 = 'ARM64',
}
