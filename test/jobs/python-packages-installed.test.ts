import { readFileSync } from 'fs';
import { join } from 'path';
import { bind, eachTestInSandbox, fromRequirements, keyOf, sandbox, TARGET, unzipped } from './packages-parts';
import { EmrRelease, PythonPackages } from '../../src';

eachTestInSandbox();

describe('the archive of installed packages', () => {
  /** The files in the archive, of which an installer left more than usual. */
  function archived(files: string[]): string[] {
    sandbox.tool('uv', `[ "$1" = --version ] && { echo 'uv 1.2.3'; exit; }\n${sandbox.installs()}
      ${files.map((file) => `mkdir -p "$(dirname "$target/${file}")"; echo > "$target/${file}"`).join('\n')}`);
    const { config, outdir } = bind(fromRequirements());
    return Object.keys(unzipped(join(outdir, `asset.${keyOf(config.archiveUri)}`)))
      .filter((name) => !['demo/__init__.py', 'demo-1.0.dist-info/METADATA', 'demo-1.0.dist-info/WHEEL'].includes(name));
  }

  test.each([
    '__pycache__/six.pyc', 'demo/deep/__pycache__/x.pyc', 'pyspark/sql/__init__.py', 'py4j/__init__.py', 'pyspark-3.5.0.dist-info/METADATA',
    'Py4J-0.10.dist-info/METADATA', 'demo-1.0.dist-info/uv_cache.json', 'demo-1.0.dist-info/uv_build.json', 'bin/other',
  ])('lacks %s', (file) => {
    expect(archived([file])).toEqual([]);
  });

  test.each([
    'six.py', 'demo/bin/program', 'demo/.lock', 'demo/RECORD', 'demo/pyspark/x.py', 'pyspark_extension/__init__.py', 'demo-1.0.dist-info/licenses/RECORD',
    'pyspark-data/x.py', 'demo-1.0.dist-info/REC/ORD',
    'pyspark_extension-2.dist-info/METADATA',
  ])('has %s', (file) => {
    expect(archived([file])).toEqual([file]);
  });
});

describe('a directory with packages', () => {
  const problems = (files: { [name: string]: string }) => {
    Object.entries(files).forEach(([name, content]) => sandbox.file(join('installed', name), content));
    return PythonPackages.fromDirectory(join(sandbox.directory, 'installed'))._problems('pythonPackages', TARGET);
  };
  const WRONG = 'Tag: cp311-cp311-win_amd64\n';
  const refused = (names: string) => [`\`pythonPackages\` must be packages for Python 3.9 on aarch64 (manylinux_2_28), got: ${names}`];

  test.each<[string, { [name: string]: string }]>([
    ['without the file WHEEL', { 'a-1.dist-info/METADATA': WRONG }],
    ['with a file WHEEL that says nothing', { 'a-1.dist-info/WHEEL': 'Wheel-Version: 1.0\n' }],
    ['with other headers that end so', { 'a-1.dist-info/WHEEL': `X-${WRONG}` }],
    ['with a tag and more', { 'a-1.dist-info/WHEEL': 'Tag: cp311-cp311-win_amd64 x\n' }],
    ['whose modules have a file WHEEL', { 'a/WHEEL': WRONG }],
    ['of PySpark, which are left out', { 'pyspark-3.5.dist-info/WHEEL': WRONG }],
    ['for several versions of Python', { 'a-1.dist-info/WHEEL': 'Tag: cp311.cp39-none-any\n' }],
    ['for several platforms', { 'a-1.dist-info/WHEEL': 'Tag: cp39-cp39-win_amd64.manylinux_2_17_aarch64\n' }],
    ['for one of the tags', { 'a-1.dist-info/WHEEL': `Wheel-Version: 1.0\n${WRONG}Tag: cp39-abi3-any\nBuild: 1\n` }],
    ['with blanks and returns', { 'a-1.dist-info/WHEEL': 'Tag:   py3-none-any  \r\n' }],
    ['for the stable interface of the same version', { 'a-1.dist-info/WHEEL': 'Tag: cp39-abi3-any\n' }],
  ])('may have packages %s', (_, files) => {
    expect(problems(files)).toEqual([]);
  });

  test.each([
    'cp310-abi3-any', 'cp39x-abi3-any', 'xcp38-abi3-any', 'xpy3-none-any', 'cp38-cp38-any', 'cp39-cp39-xmanylinux_2_17_aarch64', 'cp39-cp39-manylinux_2_17_xaarch64x',
  ])('must not have packages for %s', (tag) => {
    expect(problems({ 'a-1.dist-info/WHEEL': `Tag: ${tag}\n` })).toEqual(refused(`a-1 for ${tag}`));
  });

  test.each(['Tag:cp38-cp38-any\n', 'Tag: cp38-cp38-any', 'Tag: cp38-cp38-any  \nBuild: 1\n'])('must not have a file WHEEL with %j', (content) => {
    expect(problems({ 'a-1.dist-info/WHEEL': content })).toEqual(refused('a-1 for cp38-cp38-any'));
  });

  test('for the stable interface of an older Python are for the newer ones', () => {
    problems({ 'a-1.dist-info/WHEEL': 'Tag: cp310-abi3-any\n' });

    expect(PythonPackages.fromDirectory(join(sandbox.directory, 'installed'))._problems('pythonPackages', { ...TARGET, release: EmrRelease.EMR_SPARK_8_2_0 }))
      .toEqual([]);
  });

  test('is refused with the names of the packages in their order, and at most ten', () => {
    const names = Array.from({ length: 11 }, (_, i) => `${'kjihgfedcba'[i]}-1`);

    expect(problems(Object.fromEntries(names.map((name) => [`${name}.dist-info/WHEEL`, WRONG]))))
      .toEqual(refused([...'abcdefghij'].map((letter) => `${letter}-1 for cp311-cp311-win_amd64`).join(', ')));
  });
});

test('without bundling, the archive says that it must not be deployed', () => {
  const { config, outdir } = bind(fromRequirements(), TARGET, { 'aws:cdk:bundling-stacks': [] });

  expect(readFileSync(join(outdir, `asset.${keyOf(config.archiveUri).replace('.zip', '')}`, 'README.txt'), 'utf8'))
    .toBe('The app was synthesized without bundling (aws:cdk:bundling-stacks). Do not deploy it.\n');
});
