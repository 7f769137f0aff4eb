// the application
export * from './application/application-configuration';
export * from './application/architecture';
export * from './application/emr-release';
export * from './application/logging';
export * from './application/spark-emr-serverless-runtime';
export * from './application/spark-image';
export * from './application/worker-capacity';

// who may do what
export * from './permissions/execution-role-options';
export * from './permissions/spark-emr-serverless-runtime-grants';
export * from './permissions/spark-execution-role';

// jobs
export * from './jobs/emr-serverless-start-job-run';
export * from './jobs/python-packages';
export * from './jobs/spark-code';
export * from './jobs/spark-emr-serverless-job';
export * from './jobs/spark-emr-serverless-job-grants';
export * from './jobs/spark-emr-serverless-job-target';
export * from './jobs/spark-job-mode';
export * from './jobs/spark-worker';
