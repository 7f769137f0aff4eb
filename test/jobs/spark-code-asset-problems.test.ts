import * as path from 'path';
import { BundlingOutput, DockerImage } from 'aws-cdk-lib';
import * as iam from 'aws-cdk-lib/aws-iam';
import * as s3 from 'aws-cdk-lib/aws-s3';
import { scratchFolder, uploads, write } from './files';
import { refusal } from './job-parts';
import { SparkCode, SparkCodeUse } from '../../src';
import { ENV, newStack } from '../util';

const { ENTRY_POINT, PYTHON_FILES, ARCHIVES } = SparkCodeUse;

const folder = write(scratchFolder(), {
  'job.py': '',
  'query.sql': '',
  'my-module.py': '',
  'texts/module.pyc.txt': '',
  'texts/my.python': '',
  'env.tar.gz.zip': '',
  'one/package/__init__.py': '',
  'one/package/.config': 'one',
  'two/package/__init__.py': '',
  'two/package/.config': 'two',
});
const at = (name: string) => path.join(folder, name);

/** The key of the only object that the code becomes. */
function keyOf(code: SparkCode, use: SparkCodeUse): string {
  const stack = newStack(ENV);
  code.bind(stack, new iam.Role(stack, 'Role', { assumedBy: new iam.AccountRootPrincipal() }), use);
  return Object.keys(uploads(stack))[0];
}

describe('a file or a directory is refused with the whole message', () => {
  test.each<[string, SparkCodeUse, string, string]>([
    ['query.sql', ENTRY_POINT, 'a .py or .jar file', ''],
    ['my-module.py', PYTHON_FILES, 'a module or a package that Python can import (its name has letters, digits and _, and no digit at its start)', ''],
    ['texts', PYTHON_FILES, 'a directory with modules of Python (.py)', ', which has none'],
  ])('%s for %s', (name, use, allowed, more) => {
    expect(SparkCode.fromAsset(at(name))._problems('prop', use)).toEqual([`\`prop\` must be ${allowed}, got: "${at(name)}"${more}`]);
  });

  test('with a wrong way to follow links', () => {
    expect(() => SparkCode.fromAsset('job.py', { followSymlinks: 'sometimes' as any }))
      .toThrow(new Error('`options.followSymlinks` must be one of never, always, external, internal-only, got: "sometimes"'));
  });
});

test('only the end of a name counts for an archive', () => {
  expect(keyOf(SparkCode.fromAsset(at('env.tar.gz.zip')), ARCHIVES)).toMatch(/\.zip$/);
});

test('all that is bundled counts for the hash, hidden files too', () => {
  const bundled = (name: string) => SparkCode.fromAsset(at(name), {
    bundling: {
      image: DockerImage.fromRegistry('unused'),
      outputType: BundlingOutput.NOT_ARCHIVED,
      local: { tryBundle: (output) => write(output, { 'x.py': '' }) !== '' },
    },
  });

  expect(keyOf(bundled('one/package'), PYTHON_FILES)).not.toBe(keyOf(bundled('two/package'), PYTHON_FILES));
});

test.each<[string, () => SparkCode]>([
  ['an asset', () => SparkCode.fromAsset(at('job.py'))],
  ['a bucket', () => SparkCode.fromBucket(s3.Bucket.fromBucketName(newStack(ENV), 'Bucket', 'code'), 'job.py')],
  ['the image', () => SparkCode.fromImage('/job.py')],
])('a main class is refused for a Python program in %s, before anything is created', (_, code) => {
  expect(refusal({ entryPoint: code(), mainClass: 'com.example.Main' }))
    .toBe('`mainClass` must be given for a JAR only, and `entryPoint` is a Python program, got: "com.example.Main"');
});
