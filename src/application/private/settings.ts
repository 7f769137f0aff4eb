import { RemovalPolicy, Stack } from 'aws-cdk-lib/core';
import { Construct } from 'constructs';
import { CAPACITY, Capacity } from './capacity';
import { Configurations, CONFIGURATIONS, GivenConfigurations, mergedConfigurations } from './configurations';
import { Images, IMAGES } from './images';
import { Interactive, INTERACTIVE } from './interactive';
import { LOGGING } from './logging';
import { GivenNetwork, Network, NETWORK, selectedNetwork } from './network';
import { Queueing, QUEUEING } from './queueing';
import { START_AND_STOP, StartAndStop } from './start-and-stop';
import { instance, oneOf, PROPS, read, readPlace, struct, text } from '../../private/reading';
import { renderedCopies } from '../../private/rendered';
import { Architecture } from '../architecture';
import { EmrRelease } from '../emr-release';
import type { LoggingOptions } from '../logging';

/** The props that belong to no other concept. */
interface General {
  readonly name?: string;
  readonly release?: EmrRelease;
  readonly architecture?: Architecture;
  readonly removalPolicy?: RemovalPolicy;
}

/** The props of an application. */
export type GivenSettings = General & Capacity & GivenConfigurations & GivenNetwork & Images & Interactive & LoggingOptions & Queueing
  & StartAndStop;

/** The props of an application, read once. All other code reads the settings and never the objects of the caller. */
export interface Settings extends General {
  readonly given: GivenSettings;
  readonly release: EmrRelease;
  readonly hasDefaultRelease: boolean;
  readonly capacity: Capacity;
  readonly configurations: Configurations;
  readonly images: Images;
  readonly interactive: Interactive;
  readonly logging: LoggingOptions;
  readonly network: Network;
  readonly queueing: Queueing;
  readonly startAndStop: StartAndStop;
}

export const emrRelease = instance<EmrRelease>('an EmrRelease such as EmrRelease.LATEST', 'label', '_version');
export const architecture = oneOf(Architecture);

const givenSettings = struct<GivenSettings>({
  name: text,
  release: emrRelease,
  architecture,
  removalPolicy: oneOf(RemovalPolicy),
  ...CAPACITY,
  ...CONFIGURATIONS,
  ...IMAGES,
  ...INTERACTIVE,
  ...LOGGING,
  ...NETWORK,
  ...QUEUEING,
  ...START_AND_STOP,
});

export function readSettings(scope: Construct, id: string, props: GivenSettings): Settings {
  readPlace(scope, id);
  const { vpc, vpcSubnets, securityGroups, ...given } = read(scope, id, PROPS, props, givenSettings);
  return settingsFrom(Stack.of(scope), given, selectedNetwork(Stack.of(scope), { vpc, vpcSubnets, securityGroups }));
}

/** The settings that the template has. Tokens stay where only the deployment knows the value. */
export function renderedSettings(construct: Construct, { given, network }: Settings): Settings[] {
  return renderedCopies(construct, { ...given, release: given.release?.label }).map(({ release, ...rendered }) => {
    const props = { ...rendered, release: release === undefined ? undefined : EmrRelease.of(release) };
    return settingsFrom(Stack.of(construct), read(undefined, '', PROPS, props, givenSettings), network);
  });
}

function settingsFrom(stack: Stack, given: GivenSettings, network: Network): Settings {
  return Object.freeze({
    given,
    name: given.name,
    release: given.release ?? EmrRelease.LATEST,
    hasDefaultRelease: given.release === undefined,
    architecture: given.architecture,
    removalPolicy: given.removalPolicy,
    capacity: given,
    configurations: mergedConfigurations(stack, given),
    images: given,
    interactive: given,
    logging: given,
    network,
    queueing: given,
    startAndStop: given,
  });
}
