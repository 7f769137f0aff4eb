import { CfnApplication, CfnApplicationProps } from 'aws-cdk-lib/aws-emrserverless';
import { renderInitialCapacity, renderMaximumCapacity } from './capacity';
import { mergedConfigurations, renderConfigurations } from './configurations';
import { SparkEmrServerlessRuntimeProps } from '../spark-emr-serverless-runtime';

/** What was not asked for is left to the service. */
function unlessEmpty<T extends object>(value: T): T | undefined {
  return Object.values(value).every((one) => one === undefined) ? undefined : value;
}

/** The properties of the resource that follow from the props alone. */
export function renderSettings(props: SparkEmrServerlessRuntimeProps) {
  const { autoStart, autoStop, idleTimeout, identityCenterInstanceArn } = props;
  return {
    architecture: props.architecture,
    autoStartConfiguration: unlessEmpty({ enabled: autoStart }),
    autoStopConfiguration: autoStop === undefined && !idleTimeout ? undefined : {
      enabled: autoStop ?? true,
      idleTimeoutMinutes: idleTimeout?.toMinutes(),
    },
    initialCapacity: renderInitialCapacity(props),
    maximumCapacity: renderMaximumCapacity(props.maximumCapacity),
    runtimeConfiguration: renderConfigurations(mergedConfigurations(props)),
    interactiveConfiguration: unlessEmpty({
      livyEndpointEnabled: props.livyEndpoint,
      studioEnabled: props.studio,
      sessionEnabled: props.sparkConnect,
    }),
    schedulerConfiguration: unlessEmpty({
      maxConcurrentRuns: props.maxConcurrentRuns,
      queueTimeoutMinutes: props.queueTimeout?.toMinutes(),
    }),
    identityCenterConfiguration: unlessEmpty({ identityCenterInstanceArn }),
  } satisfies Partial<CfnApplicationProps>;
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
