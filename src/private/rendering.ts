import { CfnApplication } from 'aws-cdk-lib/aws-emrserverless';
import { SparkEmrServerlessRuntimeProps } from '../spark-emr-serverless-runtime';

/** What was not asked for is left to the service. */
function unlessEmpty<T extends object>(value: T): T | undefined {
  return Object.values(value).every((one) => one === undefined) ? undefined : value;
}

export function renderAutoStop({ autoStop, idleTimeout }: SparkEmrServerlessRuntimeProps): CfnApplication.AutoStopConfigurationProperty | undefined {
  return autoStop === undefined && !idleTimeout ? undefined : { enabled: autoStop ?? true, idleTimeoutMinutes: idleTimeout?.toMinutes() };
}

export function renderInteractive(props: SparkEmrServerlessRuntimeProps): CfnApplication.InteractiveConfigurationProperty | undefined {
  return unlessEmpty({ livyEndpointEnabled: props.livyEndpoint, studioEnabled: props.studio, sessionEnabled: props.sparkConnect });
}

export function renderScheduler(props: SparkEmrServerlessRuntimeProps): CfnApplication.SchedulerConfigurationProperty | undefined {
  return unlessEmpty({ maxConcurrentRuns: props.maxConcurrentRuns, queueTimeoutMinutes: props.queueTimeout?.toMinutes() });
}

/** CloudFormation wants every kind of worker here, or none. */
export function renderWorkerTypes(
  driverImageUri?: string,
  executorImageUri?: string,
): { [kind: string]: CfnApplication.WorkerTypeSpecificationInputProperty } | undefined {
  return driverImageUri === undefined || executorImageUri === undefined ? undefined : {
    Driver: { imageConfiguration: { imageUri: driverImageUri } },
    Executor: { imageConfiguration: { imageUri: executorImageUri } },
  };
}
