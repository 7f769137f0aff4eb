import { CfnApplication } from 'aws-cdk-lib/aws-emrserverless';
import { Size, Tokenization } from 'aws-cdk-lib/core';
import { FeatureUse } from './release-features';
import { DEFAULT_DISK, WORKERS, workerWith } from './workers';
import { gibibytesProblems, isLiteral, literalGibibytes, Problems, wholeNumberProblems } from '../../private/checks';
import { SparkEmrServerlessRuntimeProps } from '../spark-emr-serverless-runtime';
import { DiskType, InitialCapacity, MaximumCapacity } from '../worker-capacity';

type CapacityProps = Pick<SparkEmrServerlessRuntimeProps, 'initialDriverCapacity' | 'initialExecutorCapacity' | 'maximumCapacity'>;

const ALL_MEMORY = WORKERS.flatMap(({ sizes }) => sizes);

// CloudFormation takes at most 15 characters: the number, a space and the unit
const MAX_CPU = 9_999_999_999;
const MAX_GIBIBYTES = 999_999_999_999;

export function capacityProblems(props: CapacityProps): Problems {
  return [
    ...initialCapacityProblems('initialDriverCapacity', props.initialDriverCapacity),
    ...initialCapacityProblems('initialExecutorCapacity', props.initialExecutorCapacity),
    ...maximumCapacityProblems(props),
  ];
}

function initialCapacityProblems(prop: string, capacity?: InitialCapacity): Problems {
  if (!capacity) { return []; }
  return [
    ...wholeNumberProblems(`${prop}.workerCount`, capacity.workerCount, 1, 1_000_000),
    ...workerProblems(prop, capacity),
    ...gibibytesProblems(`${prop}.disk`, capacity.disk, DEFAULT_DISK, maxDisk(capacity.diskType)),
  ];
}

function workerProblems(prop: string, { cpu, memory }: InitialCapacity): Problems {
  if (!isLiteral(cpu)) { return gibibytesProblems(`${prop}.memory`, memory, Math.min(...ALL_MEMORY), Math.max(...ALL_MEMORY)); }
  const worker = workerWith(cpu);
  if (!worker) { return [`\`${prop}.cpu\` must be one of ${WORKERS.map((one) => one.cpu).join(', ')} vCPU, got: ${cpu}`]; }

  const gibibytes = literalGibibytes(memory);
  if (gibibytes === undefined || worker.sizes.includes(gibibytes)) { return []; }
  return [`\`${prop}.memory\` must be ${worker.described} with ${cpu} vCPU, got: ${gibibytes} GiB`];
}

function maxDisk(diskType: DiskType = DiskType.STANDARD): number {
  return diskType === DiskType.STANDARD ? 200 : 2048;
}

function maximumCapacityProblems(props: CapacityProps): Problems {
  const { maximumCapacity: maximum } = props;
  if (!maximum) { return []; }

  const problems = [
    ...wholeNumberProblems('maximumCapacity.cpu', maximum.cpu, 1, MAX_CPU),
    ...gibibytesProblems('maximumCapacity.memory', maximum.memory, 1, MAX_GIBIBYTES),
    ...gibibytesProblems('maximumCapacity.disk', maximum.disk, 1, MAX_GIBIBYTES),
  ];
  const initial = [props.initialDriverCapacity, props.initialExecutorCapacity].filter((capacity) => capacity !== undefined);
  const compare = (dimension: string, unit: string, limit: number | undefined, ofWorker: (capacity: InitialCapacity) => number | undefined) => {
    // what is not known makes the sum NaN, which is above no limit
    const sum = initial.reduce((total, capacity) => total + (literal(capacity.workerCount) ?? NaN) * (ofWorker(capacity) ?? NaN), 0);
    if (initial.length > 0 && limit !== undefined && sum > limit) {
      problems.push(`\`maximumCapacity.${dimension}\` must be at least the initial capacity of ${sum} ${unit}, got: ${limit} ${unit}`);
    }
  };
  compare('cpu', 'vCPU', literal(maximum.cpu), ({ cpu }) => literal(cpu));
  compare('memory', 'GiB', literalGibibytes(maximum.memory), ({ memory }) => literalGibibytes(memory));
  compare('disk', 'GiB', literalGibibytes(maximum.disk), ({ disk }) => disk ? literalGibibytes(disk) : DEFAULT_DISK);
  return problems;
}

function literal(value: number): number | undefined {
  return isLiteral(value) ? value : undefined;
}

export function capacityFeatures(props: CapacityProps): FeatureUse[] {
  return (['initialDriverCapacity', 'initialExecutorCapacity'] as const)
    .filter((prop) => props[prop]?.diskType === DiskType.SHUFFLE_OPTIMIZED)
    .map((prop) => ({ feature: 'shuffleOptimizedDisks', usedBy: `${prop}.diskType` }));
}

export function renderInitialCapacity(props: CapacityProps): CfnApplication.InitialCapacityConfigKeyValuePairProperty[] | undefined {
  const capacities = [
    { key: 'Driver', capacity: props.initialDriverCapacity },
    { key: 'Executor', capacity: props.initialExecutorCapacity },
  ].flatMap(({ key, capacity }) => capacity ? [{ key, value: renderWorkers(capacity) }] : []);
  return capacities.length > 0 ? capacities : undefined;
}

function renderWorkers(capacity: InitialCapacity): CfnApplication.InitialCapacityConfigProperty {
  return {
    workerCount: capacity.workerCount,
    workerConfiguration: {
      cpu: vcpus(capacity.cpu),
      memory: gigabytes(capacity.memory),
      disk: capacity.disk && gigabytes(capacity.disk),
      diskType: capacity.diskType,
    },
  };
}

export function renderMaximumCapacity(maximum?: MaximumCapacity): CfnApplication.MaximumAllowedResourcesProperty | undefined {
  return maximum && {
    cpu: vcpus(maximum.cpu),
    memory: gigabytes(maximum.memory),
    disk: maximum.disk && gigabytes(maximum.disk),
  };
}

function vcpus(cpu: number): string {
  return `${Tokenization.stringifyNumber(cpu)} vCPU`;
}

function gigabytes(size: Size): string {
  return `${Tokenization.stringifyNumber(size.toGibibytes())} GB`;
}
