import { hasValue, knownValue, SparkProperties, wholeNumber } from './spark-values';
import { Problems, shown } from '../../private/checks';

export const DYNAMIC_ALLOCATION = 'spark.dynamicAllocation.enabled';

const MIN = 'spark.dynamicAllocation.minExecutors';
const MAX = 'spark.dynamicAllocation.maxExecutors';
export const INITIAL = 'spark.dynamicAllocation.initialExecutors';
export const INSTANCES = 'spark.executor.instances';

/** Spark starts with this number of executors on EMR Serverless, unless the properties say another one. */
export const DEFAULT_INITIAL = 3;

/**
 * Checks the numbers of executors against each other. Dynamic allocation is on by default.
 *
 * @see https://docs.aws.amazon.com/emr/latest/EMR-Serverless-UserGuide/jobs-spark.html#spark-defaults
 * @see https://spark.apache.org/docs/latest/configuration.html#dynamic-allocation
 */
export function executorProblems(properties: SparkProperties): Problems {
  const isOn = properties[DYNAMIC_ALLOCATION] === undefined || hasValue(properties, DYNAMIC_ALLOCATION, 'true');
  if (isOn) { return rangeProblems(properties); }
  return hasValue(properties, DYNAMIC_ALLOCATION, 'false') && count(properties, INSTANCES) === 0
    ? [`"${INSTANCES}" must be 1 or more with "${DYNAMIC_ALLOCATION}" of false, got: ${shown(properties[INSTANCES])}`]
    : [];
}

function rangeProblems(properties: SparkProperties): Problems {
  const max = count(properties, MAX);
  // 0 is a problem of its own
  if (max === undefined || max < 1) { return []; }
  const min = count(properties, MIN);
  if (min !== undefined && min > max) { return [`"${MIN}" must be at most "${MAX}" of ${max}, got: ${min}`]; }

  const initial = initialExecutors(properties);
  return initial.count <= max ? []
    : [`"${MAX}" must be at least "${initial.key}", which is ${initial.count}`
      + `${initial.isDefault ? ' by default (set it too)' : ''}, got: ${max}`];
}

/** Spark starts with the larger one of two numbers. AWS's default applies if neither is given. */
function initialExecutors(properties: SparkProperties): { readonly key: string; readonly count: number; readonly isDefault: boolean } {
  if (properties[INITIAL] === undefined && properties[INSTANCES] === undefined) {
    return { key: INITIAL, count: DEFAULT_INITIAL, isDefault: true };
  }
  const [initial, instances] = [INITIAL, INSTANCES].map((key) => ({ key, count: count(properties, key) ?? 0, isDefault: false }));
  return instances.count > initial.count ? instances : initial;
}

function count(properties: SparkProperties, key: string): number | undefined {
  const value = knownValue(properties, key);
  return value === undefined ? undefined : wholeNumber(value);
}
