import * as fs from 'node:fs';
import * as os from 'node:os';
import * as path from 'node:path';
import { after } from 'node:test';
import { App, aws_iam as iam, Stack, StackProps } from 'aws-cdk-lib';
import { ask } from '../lib/iam';
import { LocalAssembly } from '../local/assembly';

export const MANAGED = 'the policy arn:aws:iam::aws:policy/service-role/AWSLambdaBasicExecutionRole is not in the assembly: nothing is allowed by it';

const folders: string[] = [];
after(() => folders.forEach((folder) => fs.rmSync(folder, { recursive: true, force: true })));

export function emptyFolder(): string {
  folders.push(fs.mkdtempSync(path.join(os.tmpdir(), 'local-assembly-')));
  return folders.at(-1)!;
}

/** What the local service reads of an app. */
export function read(build: (app: App) => void): LocalAssembly {
  const app = new App({ outdir: emptyFolder(), builtinCloudFormationValidation: false });
  build(app);
  return LocalAssembly.read(app.synth().directory);
}

/** What it reads of an app with one stack. */
export function readStack(build: (stack: Stack) => void, props?: StackProps): LocalAssembly {
  return read((app) => build(new Stack(app, 'Stack', props)));
}

export function role(scope: Stack, id = 'Role', props: Partial<iam.RoleProps> = {}): iam.Role {
  return new iam.Role(scope, id, { assumedBy: new iam.ServicePrincipal('emr-serverless.amazonaws.com'), ...props });
}

export function statement(action: string, resource: string, effect = iam.Effect.ALLOW): iam.PolicyStatement {
  return new iam.PolicyStatement({ effect, actions: [action], resources: [resource] });
}

export const [READ, WRITE] = ['s3:GetObject', 's3:PutObject'];
export const DATA = 'arn:aws:s3:::amzn-s3-demo-bucket/*';

/** What the engine that decides says of a role. */
export async function may(assembly: LocalAssembly, action: string, resource = DATA.replace('*', 'data'), id = 'Role'): Promise<boolean> {
  const { arn } = assembly.roles.find(({ accessKeyId }) => accessKeyId.replace(/[0-9A-F]{8}$/, '').endsWith(id))!;
  const question = { principal: arn, action, resource, identityPolicies: assembly.identityPolicies(arn), boundary: assembly.boundary(arn) };
  return await ask(question) === 'allowed';
}
