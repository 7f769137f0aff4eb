import { CfnParameter, Size } from 'aws-cdk-lib';
import { MaximumCapacity, SparkEmrServerlessRuntime } from '../../src';
import { build, deployed, GIB, newStack, warnings } from '../util';

const warned = (maximumCapacity: MaximumCapacity, sparkProperties?: { [key: string]: string }) =>
  warnings(build({ maximumCapacity, sparkProperties })).filter((warning) => warning.endsWith(':maximumCapacityTooSmall]'));

describe('a maximum capacity', () => {
  test.each<[string, MaximumCapacity, { [key: string]: string }]>([
    ['the default workers', { cpu: 8, memory: GIB(32), disk: GIB(40) }, {}],
    ['smaller workers', { cpu: 2, memory: GIB(6), disk: GIB(50) }, {
      'spark.driver.cores': '1', 'spark.driver.memory': '1g', 'spark.executor.cores': '1', 'spark.executor.memory': '3g', 'spark.emr-serverless.driver.disk': '30G',
    }],
    ['a larger executor', { cpu: 12, memory: GIB(76) }, { 'spark.executor.cores': '8', 'spark.executor.memory': '54g' }],
    ['workers of 32 vCPU', { cpu: 64, memory: GIB(240) }, { 'spark.driver.cores': '32', 'spark.executor.cores': '32' }],
  ])('may have just enough for %s', (_, maximumCapacity, sparkProperties) => {
    expect(warned(maximumCapacity, sparkProperties)).toEqual([]);
  });

  test.each<[string, MaximumCapacity, { [key: string]: string }]>([
    ['`maximumCapacity.cpu` of 7 vCPU, because they have 8 vCPU', { cpu: 7, memory: GIB(32), disk: GIB(40) }, {}],
    ['`maximumCapacity.memory` of 31 GiB, because they have 32 GiB', { cpu: 8, memory: GIB(31), disk: GIB(40) }, {}],
    ['`maximumCapacity.disk` of 39 GiB, because they have 40 GiB', { cpu: 8, memory: GIB(32), disk: GIB(39) }, {}],
    ['`maximumCapacity.cpu` of 4 vCPU, because they have 8 vCPU, nor into `maximumCapacity.memory` of 16 GiB, because they have 32 GiB', {
      cpu: 4, memory: GIB(16),
    }, {}],
    ['`maximumCapacity.memory` of 75 GiB, because they have 76 GiB', { cpu: 12, memory: GIB(75) }, {
      'spark.executor.cores': '8', 'spark.executor.memory': '54g',
    }],
    ['`maximumCapacity.disk` of 49 GiB, because they have 50 GiB', { cpu: 8, memory: GIB(32), disk: GIB(49) }, { 'spark.emr-serverless.driver.disk': '30G' }],
    ['`maximumCapacity.cpu` of 11 vCPU, because they have 12 vCPU', { cpu: 11, memory: GIB(76) }, {
      'spark.executor.cores': '5', 'spark.executor.memory': '54g',
    }],
  ])('is warned of where a job does not fit into %s', (short, maximumCapacity, sparkProperties) => {
    expect(warned(maximumCapacity, sparkProperties)).toEqual([
      `a driver and one executor do not fit into ${short}. Only a job that sets smaller workers can run`
        + ' [ack: cdk-spark-emr-serverless:maximumCapacityTooSmall]',
    ]);
  });

  test.each(['spark.executor.cores', 'spark.driver.memory'])('is not compared with workers where %s is not known', (key) => {
    expect(warned({ cpu: 4, memory: GIB(16) }, { [key]: deployed('1') })).toEqual([]);
  });

  test('is not compared with a disk that is not known', () => {
    expect(warned({ cpu: 8, memory: GIB(32), disk: GIB(30) }, { 'spark.emr-serverless.executor.disk': deployed('20G') })).toEqual([]);
  });

  test('is not compared where it is a token', () => {
    const stack = newStack();
    const number = new CfnParameter(stack, 'Number', { type: 'Number' }).valueAsNumber;

    new SparkEmrServerlessRuntime(stack, 'Spark', { maximumCapacity: { cpu: number, memory: Size.gibibytes(number), disk: Size.gibibytes(number) } });

    expect(warnings(stack)).toEqual([]);
  });
});
