import { createHash, randomBytes } from 'node:crypto';
import { Policy } from '../lib/deployment';

export interface Credentials {
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
  readonly sessionToken: string;
}

/** Who calls, as far as it matters to those who answer. */
export interface Caller {
  readonly roleArn: string;
  /** As in AWS's messages: `arn:aws:sts::…:assumed-role/<role>/<session>`. */
  readonly userArn: string;
}

export interface Session extends Caller {
  /** `AROA…:<session>`. */
  readonly userId: string;
  readonly sessionPolicy?: Policy;
  /** Undefined for a role that calls by an access key that it was given. */
  readonly sessionToken?: string;
  /** AWS's sentences, each once, oldest first. */
  readonly refusals: Set<string>;
  readonly isRevoked: boolean;
}

/** Who is behind an access key. */
export class Sessions {
  private readonly sessions = new Map<string, Session>();

  constructor(accessKeys: { readonly [accessKeyId: string]: string }) {
    for (const [accessKeyId, roleArn] of Object.entries(accessKeys)) { this.sessions.set(accessKeyId, sessionOf(roleArn, accessKeyId)); }
  }

  public issue(roleArn: string, sessionName: string, sessionPolicy?: Policy): Credentials {
    const sessionToken = randomBytes(120).toString('base64');
    const credentials = { accessKeyId: `ASIA${idOf(randomBytes(16))}`, secretAccessKey: randomBytes(30).toString('base64'), sessionToken };
    this.sessions.set(credentials.accessKeyId, { ...sessionOf(roleArn, sessionName), sessionPolicy, sessionToken });
    return credentials;
  }

  public of(accessKeyId: string): Session | undefined {
    return this.sessions.get(accessKeyId);
  }

  public issued({ accessKeyId }: Credentials): Session {
    const session = this.of(accessKeyId);
    if (!session?.sessionToken) { throw new Error(`no session has the access key ${accessKeyId}`); }
    return session;
  }

  /** Its sentences stay. */
  public revoke(credentials: Credentials): void {
    this.sessions.set(credentials.accessKeyId, { ...this.issued(credentials), sessionPolicy: undefined, isRevoked: true });
  }
}

function sessionOf(roleArn: string, sessionName: string): Session {
  const [, partition, , , account, path] = roleArn.split(':');
  return {
    roleArn,
    // a session does not have the path of its role
    userArn: `arn:${partition}:sts::${account}:assumed-role/${path.split('/').at(-1)}/${sessionName}`,
    userId: `${roleId(roleArn)}:${sessionName}`,
    refusals: new Set(),
    isRevoked: false,
  };
}

function roleId(roleArn: string): string {
  return `AROA${idOf(createHash('sha256').update(roleArn).digest())}`;
}

/** 16 capital letters and digits. */
function idOf(bytes: Buffer): string {
  return [...bytes.subarray(0, 16)].map((byte) => 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567'[byte % 32]).join('');
}
