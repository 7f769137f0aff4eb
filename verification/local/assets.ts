import { Readable } from 'node:stream';
import { buffer } from 'node:stream/consumers';
import { AssetManifest, AssetPublishing, EventType, IAws } from '@aws-cdk/cdk-assets-lib';
import { CloudWatchLogs } from '@aws-sdk/client-cloudwatch-logs';
import { S3 } from '@aws-sdk/client-s3';
import { SecretsManager } from '@aws-sdk/client-secrets-manager';
import { SNS } from '@aws-sdk/client-sns';
import { SQS } from '@aws-sdk/client-sqs';
import { SSM } from '@aws-sdk/client-ssm';
import { AssetManifestArtifact, EnvironmentPlaceholders } from 'aws-cdk-lib/cx-api';
import { LocalAssembly } from './assembly';
import { asOwner, makeBucket, s3OfOwner } from './owner';
import { Place } from '../lib/deployment';

type Say = (sentence: string) => void;

/**
 * Makes what the templates name and jobs touch, and uploads the file assets, as CloudFormation and the CDK CLI do: past the gate, because
 * nobody grants them anything.
 *
 * @param say is told each step
 */
export async function publish(assembly: LocalAssembly, motoEndpoint: string, say: Say = () => undefined): Promise<void> {
  const { place } = assembly;
  const configuration = asOwner(motoEndpoint, place);
  const clients = {
    logs: new CloudWatchLogs(configuration),
    s3: s3OfOwner(motoEndpoint, place),
    secrets: new SecretsManager(configuration),
    sns: new SNS(configuration),
    sqs: new SQS(configuration),
    ssm: new SSM(configuration),
  };
  try {
    for (const [what, make] of making(assembly, clients)) {
      await make().catch((error: Error) => { throw new Error(`cannot make ${what}: ${error.message}`); });
      say(`made ${what}`);
    }
    for (const manifest of assetManifests(assembly)) { await uploadFiles(manifest, place, clients.s3, say); }
  } finally {
    Object.values(clients).forEach((client) => client.destroy());
  }
}

interface Clients {
  readonly logs: CloudWatchLogs;
  readonly s3: S3;
  readonly secrets: SecretsManager;
  readonly sns: SNS;
  readonly sqs: SQS;
  readonly ssm: SSM;
}

type Making = [what: string, make: () => Promise<unknown>];

function making(assembly: LocalAssembly, { logs, s3, secrets, sns, sqs, ssm }: Clients): Making[] {
  return [
    ...[...new Set([...assembly.buckets, ...bucketsOfAssets(assembly)])].map((name): Making =>
      [`the bucket ${name}`, () => makeBucket(s3, name, assembly.place)]),
    ...assembly.logGroups.map((logGroupName): Making => [`the log group ${logGroupName}`, () => logs.createLogGroup({ logGroupName })]),
    ...assembly.parameters.map(({ name, type, value }): Making =>
      [`the parameter ${name}`, () => ssm.putParameter({ Name: name, Value: value, Type: type })]),
    ...assembly.topics.map(({ name, fifo }): Making =>
      [`the topic ${name}`, () => sns.createTopic({ Name: name, Attributes: fifo ? { FifoTopic: 'true' } : {} })]),
    ...assembly.queues.map(({ name, fifo }): Making =>
      [`the queue ${name}`, () => sqs.createQueue({ QueueName: name, Attributes: fifo ? { FifoQueue: 'true' } : {} })]),
    // moto would make up another end of the ARN than the one that policies name
    ...assembly.secrets.map(({ arn, name, value }): Making =>
      [`the secret ${name}`, () => secrets.createSecret({ Name: name, SecretString: value, Tags: [{ Key: '_custom_id_', Value: arn.slice(-6) }] })]),
  ];
}

function bucketsOfAssets(assembly: LocalAssembly): string[] {
  const files = assetManifests(assembly).flatMap(({ contents }) => Object.values(contents.files ?? {}));
  return files.flatMap(({ destinations }) => Object.values(destinations).map(({ bucketName }) => inPlace(bucketName, assembly.place)));
}

/** What CDK wrote of the assets of each stack. */
function assetManifests({ stacks }: LocalAssembly): AssetManifestArtifact[] {
  const dependencies = new Set(stacks.flatMap((stack) => stack.dependencies));
  return [...dependencies].filter((one) => AssetManifestArtifact.isAssetManifestArtifact(one));
}

async function uploadFiles(
  { file, contents: { dockerImages = {} } }: AssetManifestArtifact, place: Place, s3: S3, say: Say,
): Promise<void> {
  Object.entries(dockerImages).forEach(([hash, { displayName = hash }]) =>
    say(`the container image ${displayName} is not published, because no job runs in it`));
  const manifest = AssetManifest.fromFile(file);
  for (const asset of manifest.files) {
    const publishing = new AssetPublishing(manifest, {
      aws: asDeployment(place, s3),
      progressListener: {
        onPublishEvent: (type, { message }) => {
          if (type === EventType.UPLOAD) { say(message); }
        },
      },
    });
    await publishing.publishEntry(asset);
    if (publishing.hasFailures) { throw publishing.failures[0].error; }
  }
}

function inPlace(text: string, { account, region, partition }: Place): string {
  return EnvironmentPlaceholders.replace(text, { accountId: account, region, partition });
}

/** What the library that publishes assets needs of AWS. It assumes no role here. */
function asDeployment({ account, partition, region }: Place, s3: S3): IAws {
  const refused = (service: string) => async () => { throw new Error(`files are published without ${service}`); };
  return {
    discoverPartition: async () => partition,
    discoverDefaultRegion: async () => region,
    discoverCurrentAccount: async () => ({ accountId: account, partition }),
    discoverTargetAccount: async () => ({ accountId: account, partition }),
    ecrClient: refused('ECR'),
    secretsManagerClient: refused('Secrets Manager'),
    s3Client: async () => ({
      getBucketEncryption: (input) => s3.getBucketEncryption(input),
      getBucketLocation: (input) => s3.getBucketLocation(input),
      listObjectsV2: (input) => s3.listObjectsV2(input),
      // over HTTP, a stream cannot be signed with its checksum
      upload: async (input) => s3.putObject({ ...input, Body: await buffer(input.Body as Readable) }),
    }),
  };
}
