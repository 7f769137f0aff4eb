import { SparkEmrServerlessRuntimeProps } from '../../src';

/** Each place that properties are given in, and the props that have them there. */
export const PLACES: [string, (properties: { [key: string]: unknown }) => SparkEmrServerlessRuntimeProps][] = [
  ['sparkProperties', (properties) => ({ sparkProperties: properties })],
  ['configurations[0].properties', (properties) => ({ configurations: [{ classification: 'core-site', properties }] })],
  ['configurations[1].configurations[0].properties', (properties) => ({
    configurations: [
      { classification: 'core-site' },
      { classification: 'spark-env', configurations: [{ classification: 'export', properties }] },
    ],
  })],
];
