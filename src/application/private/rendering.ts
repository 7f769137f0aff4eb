import { CfnApplicationProps } from 'aws-cdk-lib/aws-emrserverless';
import { Stack } from 'aws-cdk-lib/core';
import { renderInitialCapacity, renderMaximumCapacity } from './capacity';
import { renderConfigurations } from './configurations';
import { renderIdentityCenter, renderInteractive } from './interactive';
import { renderMonitoring } from './logging';
import { renderQueueing } from './queueing';
import { Settings } from './settings';
import { renderAutoStart, renderAutoStop } from './start-and-stop';

/** Lists the properties of the resource that need no other construct. A property that is not given stays undefined. */
export function renderSettings(stack: Stack, settings: Settings): CfnApplicationProps {
  return {
    type: 'SPARK', // CloudFormation replaces the application when as much as its case changes
    releaseLabel: settings.release.label,
    architecture: settings.architecture,
    autoStartConfiguration: renderAutoStart(settings.startAndStop),
    autoStopConfiguration: renderAutoStop(settings.startAndStop),
    initialCapacity: renderInitialCapacity(settings.capacity),
    maximumCapacity: renderMaximumCapacity(settings.capacity),
    runtimeConfiguration: renderConfigurations(settings.configurations.merged),
    interactiveConfiguration: renderInteractive(settings.interactive),
    identityCenterConfiguration: renderIdentityCenter(settings.interactive),
    schedulerConfiguration: renderQueueing(settings.queueing),
    monitoringConfiguration: renderMonitoring(stack, settings.logging),
  };
}
