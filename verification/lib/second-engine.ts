import { ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { Socket } from 'node:net';
import * as path from 'node:path';
import { createInterface } from 'node:readline';
import { text } from 'node:stream/consumers';
import { accountOf, Policy } from './deployment';
import type { Answer, Question } from './iam';
import { inEnvironment, VERIFICATION } from './tools';

/** The Python that has PMapper. */
export const SECOND_ENGINE = inEnvironment('principalmapper', 'python');

interface Waiting {
  readonly resolve: (answers: boolean[]) => void;
  readonly reject: (error: Error) => void;
}

/** PMapper in a process of its own, which is started once for all questions of a process and ends with it. */
class SecondEngine {
  private readonly waiting: Waiting[] = [];
  private readonly process = spawn(SECOND_ENGINE, [path.join(VERIFICATION, 'judges', 'second_engine.py')]);

  constructor() {
    const { process, waiting } = this;
    const complaints = text(process.stderr);
    const died = (reason: string) => {
      engine = undefined;
      waiting.splice(0).forEach(({ reject }) => reject(new Error(`PMapper does not answer: ${reason}`)));
    };
    createInterface(process.stdout).on('line', (line) => {
      waiting.shift()!.resolve(JSON.parse(line));
      if (waiting.length === 0) { this.handles.forEach((handle) => handle.unref()); }
    });
    // `close` says what went wrong
    process.stdin.on('error', () => {});
    void once(process, 'close').then(async () => died(await complaints), (error: Error) => died(error.message));
  }

  public answers(batch: object): Promise<boolean[]> {
    this.handles.forEach((handle) => handle.ref());
    return new Promise((resolve, reject) => {
      this.waiting.push({ resolve, reject });
      this.process.stdin.write(`${JSON.stringify(batch)}\n`);
    });
  }

  /** Nobody waits for it but who asked. */
  private get handles(): (ChildProcess | Socket)[] {
    const { process } = this;
    return [process, process.stdin, process.stdout, process.stderr] as (ChildProcess | Socket)[];
  }
}

let engine: SecondEngine | undefined;

/**
 * What IAM answers, by PMapper. It takes everything for a question: that actions, resources and context keys exist is for the first engine
 * to say.
 */
export async function askSecondEngine(questions: Question[]): Promise<Answer[]> {
  // a policy that many questions have is sent once
  const indexes = new Map<Policy, number>();
  const indexOf = (policy: Policy) => {
    if (!indexes.has(policy)) { indexes.set(policy, indexes.size); }
    return indexes.get(policy)!;
  };
  const asked = questions.map(({ principal, action, resource, context = {}, identityPolicies = [], ...others }) => ({
    principal,
    action,
    resource,
    resourceOwner: accountOf(resource),
    context,
    identityPolicies: identityPolicies.map(({ policy }) => indexOf(policy)),
    boundary: others.boundary && indexOf(others.boundary),
    resourcePolicy: others.resourcePolicy && indexOf(others.resourcePolicy),
    serviceControlPolicy: others.serviceControlPolicy && indexOf(others.serviceControlPolicy),
  }));

  engine ??= new SecondEngine();
  const answers = await engine.answers({ policies: [...indexes.keys()], questions: asked });
  if (answers.length !== questions.length) { throw new Error(`PMapper gave ${answers.length} answers to ${questions.length} questions`); }
  return answers.map((isAllowed) => isAllowed ? 'allowed' : 'denied');
}
