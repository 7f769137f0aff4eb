import { baseImage } from '../../src/application/private/dockerfiles';

const IMAGE = 'public.ecr.aws/emr-serverless/spark/emr-7.14.0';

test.each<[string, string, string | undefined]>([
  ['a tag', `FROM ${IMAGE}:latest`, 'emr-7.14.0'],
  ['no tag', `FROM ${IMAGE}`, 'emr-7.14.0'],
  ['a digest', `FROM ${IMAGE}@sha256:${'0'.repeat(64)}`, 'emr-7.14.0'],
  ['a tag that is an argument', `FROM ${IMAGE}:$TAG`, 'emr-7.14.0'],
  ['another release line', 'FROM public.ecr.aws/emr-serverless/spark/emr-spark-8.2.0:latest', 'emr-spark-8.2.0'],
  ['a copy in a repository of one\'s own', 'FROM 123456789012.dkr.ecr.eu-west-1.amazonaws.com/ecr-public/emr-serverless/spark/emr-7.14.0:latest', 'emr-7.14.0'],
  ['small letters and spaces', `  from   ${IMAGE}:latest  as  jobs  \r\nUSER hadoop`, 'emr-7.14.0'],
  ['comments', `# FROM a\n#FROM b\nFROM ${IMAGE}:latest\n# FROM c\n`, 'emr-7.14.0'],
  ['an instruction of several lines', `FROM ${IMAGE}:latest\nRUN echo \\\n  # a comment\n  FROM elsewhere\n`, 'emr-7.14.0'],
  ['a stage before it', `FROM python:3.12 AS build\nRUN make\nFROM ${IMAGE}:latest\nCOPY --from=build /x /x`, 'emr-7.14.0'],
  ['a stage upon a stage', `FROM ${IMAGE}:latest AS Base\nRUN make\nFROM base`, 'emr-7.14.0'],
  ['a stage with the name of the image below it', `FROM ${IMAGE} AS spark\nFROM spark AS spark\nFROM spark`, 'emr-7.14.0'],
  ['another image after it', `FROM ${IMAGE}:latest AS spark\nFROM python:3.12`, undefined],
  ['an image that is an argument', 'ARG BASE\nFROM ${BASE}', undefined],
  ['a release that is an argument', 'ARG RELEASE\nFROM public.ecr.aws/emr-serverless/spark/$RELEASE:latest', undefined],
  ['another image', 'FROM python:3.12', undefined],
  ['an image of EMR on EKS', 'FROM public.ecr.aws/emr-on-eks/spark/emr-7.14.0:latest', undefined],
  ['a # that starts no comment', `FROM ${IMAGE} AS a#b\nUSER hadoop`, 'emr-7.14.0'],
  ['a line that goes on after blanks', `FROM \\ \t\n${IMAGE}`, 'emr-7.14.0'],
  ['a line that goes on at once', `FROM\\\r\n${IMAGE}`, 'emr-7.14.0'],
  ['blanks after an option', `FROM --platform=linux/arm64   ${IMAGE}`, 'emr-7.14.0'],
  ['more than FROM has', `FROM ${IMAGE} AS a b`, undefined],
  ['a text that may look like an instruction', `FROM ${IMAGE}\nRUN cat <<END\nFROM python\nEND\n`, undefined],
  ['nothing', '', undefined],
])('the release of a Dockerfile with %s', (_, dockerfile, release) => {
  expect(baseImage(dockerfile).release).toBe(release);
});

test.each<[string, string, string | undefined]>([
  ['none', `FROM ${IMAGE}`, undefined],
  ['one', `FROM --platform=linux/arm64 ${IMAGE}`, 'linux/arm64'],
  ['one that is an argument', `FROM --platform=$BUILDPLATFORM ${IMAGE}`, undefined],
  ['one below a stage', `FROM --platform=linux/arm64 ${IMAGE} AS base\nFROM base`, 'linux/arm64'],
  ['one of another stage', `FROM --platform=linux/arm64 python AS build\nFROM ${IMAGE}`, undefined],
])('the platform of a Dockerfile with %s', (_, dockerfile, platform) => {
  expect(baseImage(dockerfile).platform).toBe(platform);
});

test.each([
  ['Spark', 'emr-7.14.0'],
  ['test', undefined],
  ['absent', undefined],
])('the release of the stage %s', (target, release) => {
  expect(baseImage(`FROM ${IMAGE} AS spark\nFROM python AS test\nFROM ${IMAGE}`, target).release).toBe(release);
});
