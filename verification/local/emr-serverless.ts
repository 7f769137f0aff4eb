import { CreateApplicationRequest, StartJobRunRequest } from '@aws-sdk/client-emr-serverless';
import { ApiError } from './api-error';
import { Application, DEFAULTS, newId } from './application';
import { Answer, Caller, EmrServerlessApi } from './gate';
import { Attempt, JobRun, sparkRequest, World } from './job-run';
import { Operation } from './operation';
import { asked } from './spark-properties';
import { InvalidParameters } from './spark-submit-parameters';
import { Place } from '../lib/deployment';

type Body = Record<string, any>;
type Parameters = Operation['parameters'];

/** What an operation does with its parameters, which the path and the query hold, and with its body. */
type Doing = (parameters: Parameters, body: Body, caller: Caller) => Body | Promise<Body>;

/** EMR Serverless: applications and job runs, in the memory of this process. IAM has decided on each call before it comes here. */
export class EmrServerless implements EmrServerlessApi {
  private readonly applications = new Map<string, Application<JobRun>>();
  /** A request that is sent again with its token starts nothing. */
  private readonly started = new Map<string, { request: string; jobRun: JobRun }>();
  private readonly tags = new Map<string, Record<string, string>>();
  private isClosing = false;

  private readonly operations: { readonly [name: string]: Doing } = {
    CreateApplication: (_, body) => {
      const application = this.createApplication(newId(), body as CreateApplicationRequest);
      return { applicationId: application.applicationId, name: application.settings.name, arn: application.arn };
    },
    GetApplication: ({ applicationId }) => ({ application: this.describe(this.application(applicationId)) }),
    ListApplications: (parameters) => page([...this.applications.values()], parameters, 'applications', (application) => {
      const { applicationId: id, ...summary } = this.describe(application);
      return { id, ...summary };
    }),
    StartApplication: async ({ applicationId }) => {
      await this.application(applicationId).start();
      return {};
    },
    StopApplication: async ({ applicationId }) => {
      await this.application(applicationId).stop();
      return {};
    },
    DeleteApplication: ({ applicationId }) => {
      this.application(applicationId).delete();
      this.applications.delete(applicationId);
      return {};
    },
    StartJobRun: ({ applicationId }, body, caller) => this.startJobRun(this.application(applicationId), body as StartJobRunRequest, caller),
    GetJobRun: ({ applicationId, jobRunId, attempt }) => ({
      jobRun: this.describeJobRun(this.application(applicationId), this.jobRun(applicationId, jobRunId), attempt),
    }),
    ListJobRuns: ({ applicationId, ...parameters }) => {
      const application = this.application(applicationId);
      const states = parameters.states?.split(',');
      const found = [...application.jobRuns.values()].reverse().filter(({ state }) => !states || states.includes(state));
      return page(found, parameters, 'jobRuns', (jobRun) => this.summary(application, jobRun, jobRun.attempt));
    },
    ListJobRunAttempts: ({ applicationId, jobRunId, ...parameters }) => {
      const application = this.application(applicationId);
      const jobRun = this.jobRun(applicationId, jobRunId);
      return page(jobRun.attempts, parameters, 'jobRunAttempts', (attempt) => ({
        ...this.summary(application, jobRun, attempt), jobCreatedAt: seconds(jobRun.createdAt), createdAt: seconds(attempt.createdAt),
      }));
    },
    CancelJobRun: ({ applicationId, jobRunId, shutdownGracePeriodInSeconds }) => {
      const gracePeriod = shutdownGracePeriodInSeconds === undefined ? undefined : Number(shutdownGracePeriodInSeconds);
      if (gracePeriod !== undefined && !isGracePeriod(gracePeriod)) {
        throw new ApiError('ValidationException', 'shutdownGracePeriodInSeconds must be 0, or a whole number from 15 to 1800');
      }
      const jobRun = this.jobRun(applicationId, jobRunId);
      // the answer does not wait for the end; what may be refused is refused at once
      const ended = jobRun.cancel(gracePeriod);
      return Promise.race([ended, Promise.resolve()]).then(() => {
        ended.catch((error: Error) => this.world.say(`${jobRunId} was not cancelled: ${error.message}`));
        return { applicationId, jobRunId };
      });
    },
    ListTagsForResource: ({ resourceArn }) => ({ tags: this.tags.get(this.existing(resourceArn)) ?? {} }),
    TagResource: ({ resourceArn }, { tags }) => {
      this.tags.set(this.existing(resourceArn), { ...this.tags.get(resourceArn), ...tags });
      return {};
    },
    UntagResource: ({ resourceArn, tagKeys }) => {
      const gone = tagKeys.split(',');
      const tags = Object.entries(this.tags.get(this.existing(resourceArn)) ?? {});
      this.tags.set(resourceArn, Object.fromEntries(tags.filter(([key]) => !gone.includes(key))));
      return {};
    },
  };

  constructor(private readonly place: Place, private readonly world: World) {}

  /** An application that a template creates, which knows its id already. */
  public createApplication(applicationId: string, settings: CreateApplicationRequest): Application<JobRun> {
    const { partition, region, account } = this.place;
    const arn = `arn:${partition}:emr-serverless:${region}:${account}:/applications/${applicationId}`;
    const application = new Application<JobRun>(applicationId, arn, settings, this.world.minute);
    this.applications.set(applicationId, application);
    this.tags.set(arn, settings.tags ?? {});
    return application;
  }

  public async answer({ name, parameters }: Operation, body: Body, caller: Caller): Promise<Answer> {
    const operation = this.operations[name];
    try {
      if (!operation) { throw new ApiError('ValidationException', `The local service does not do ${name}`); }
      return { status: 200, body: await operation(parameters, withoutNulls(body) as Body, caller) };
    } catch (error) {
      if (!(error instanceof ApiError)) { throw error; }
      return { status: error.status, errorType: error.errorType, body: { message: error.message } };
    }
  }

  /** The oldest first. */
  public jobRuns(applicationId: string): readonly JobRun[] {
    return [...this.application(applicationId).jobRuns.values()];
  }

  /** Ends every job run; fulfilled when no process is left. */
  public async close(): Promise<void> {
    this.isClosing = true;
    const applications = [...this.applications.values()];
    applications.forEach((application) => application.close());
    await Promise.all(applications.flatMap((application) => [...application.jobRuns.values()].map((jobRun) => jobRun.abandon())));
  }

  private async startJobRun(application: Application<JobRun>, request: StartJobRunRequest, caller: Caller): Promise<Body> {
    if (this.isClosing) { throw new ApiError('ConflictException', 'The local service ends'); }
    const { clientToken } = request;
    const text = JSON.stringify(request);
    const before = clientToken ? this.started.get(`${application.arn} ${clientToken}`) : undefined;
    if (before && before.request !== text) {
      throw new ApiError('ConflictException', `The client token ${clientToken} was used for another request`);
    }

    const jobRun = before?.jobRun ?? this.newJobRun(application, request, caller);
    if (!before) {
      // a second request with the token may come while the application starts
      if (clientToken) { this.started.set(`${application.arn} ${clientToken}`, { request: text, jobRun }); }
      this.tags.set(jobRun.arn, request.tags ?? {});
      await application.submit(jobRun.jobRunId, jobRun).catch((error) => {
        this.started.delete(`${application.arn} ${clientToken}`);
        this.tags.delete(jobRun.arn);
        throw error;
      });
    }
    return { applicationId: application.applicationId, jobRunId: jobRun.jobRunId, arn: jobRun.arn };
  }

  private newJobRun(application: Application<JobRun>, request: StartJobRunRequest, { userArn }: Caller): JobRun {
    const problem = requestProblem(request) ?? parametersProblem(application.settings, request);
    if (problem) { throw new ApiError('ValidationException', problem); }
    return new JobRun(this.world, application, newId(), request, userArn);
  }

  private application(applicationId: string): Application<JobRun> {
    const application = this.applications.get(applicationId);
    if (!application) { throw new ApiError('ResourceNotFoundException', `Application ${applicationId} does not exist`); }
    return application;
  }

  private jobRun(applicationId: string, jobRunId: string): JobRun {
    const jobRun = this.application(applicationId).jobRuns.get(jobRunId);
    if (!jobRun) { throw new ApiError('ResourceNotFoundException', `Job run ${jobRunId} does not exist`); }
    return jobRun;
  }

  private existing(arn: string): string {
    if (!this.tags.has(arn)) { throw new ApiError('ResourceNotFoundException', `Resource ${arn} does not exist`); }
    return arn;
  }

  private describe({ applicationId, arn, settings, state, stateDetails, createdAt, updatedAt }: Application<JobRun>): Body {
    const { clientToken, ...others } = settings;
    return {
      applicationId,
      arn,
      ...others,
      type: 'Spark',
      state,
      stateDetails,
      architecture: settings.architecture ?? 'X86_64',
      autoStartConfiguration: settings.autoStartConfiguration ?? { enabled: true },
      autoStopConfiguration: settings.autoStopConfiguration ?? { enabled: true, idleTimeoutMinutes: DEFAULTS.idleTimeoutMinutes },
      tags: this.tags.get(arn),
      createdAt: seconds(createdAt),
      updatedAt: seconds(updatedAt),
    };
  }

  private summary({ applicationId, settings }: Application<JobRun>, jobRun: JobRun, attempt: Attempt): Body {
    const { jobRunId: id, arn, createdBy, request: { name, mode, executionRoleArn } } = jobRun;
    return {
      applicationId,
      id,
      arn,
      name,
      mode: mode ?? 'BATCH',
      createdBy,
      executionRole: executionRoleArn,
      releaseLabel: settings.releaseLabel,
      type: 'SPARK',
      state: attempt.state,
      stateDetails: attempt.stateDetails,
      attempt: attempt.number,
      createdAt: seconds(jobRun.createdAt),
      updatedAt: seconds(attempt.updatedAt),
      attemptCreatedAt: seconds(attempt.createdAt),
      attemptUpdatedAt: seconds(attempt.updatedAt),
    };
  }

  private describeJobRun(application: Application<JobRun>, jobRun: JobRun, number?: string): Body {
    const attempt = number === undefined ? jobRun.attempt : jobRun.attempts[Number(number) - 1];
    if (!attempt) { throw new ApiError('ResourceNotFoundException', `Job run ${jobRun.jobRunId} has no attempt ${number}`); }
    const { id: jobRunId, type, ...summary } = this.summary(application, jobRun, attempt);
    const { jobDriver, configurationOverrides, retryPolicy, executionIamPolicy } = jobRun.request;
    const { startedAt, endedAt, executionTimeoutMinutes, arn } = jobRun;
    return {
      ...summary,
      jobRunId,
      jobDriver,
      configurationOverrides,
      retryPolicy,
      executionIamPolicy,
      executionTimeoutMinutes,
      tags: this.tags.get(arn),
      startedAt: startedAt && seconds(startedAt),
      endedAt: endedAt && seconds(endedAt),
      totalExecutionDurationSeconds: startedAt && endedAt && Math.round((endedAt.getTime() - startedAt.getTime()) / 1000),
    };
  }
}

/** What the service says of a request before it starts anything. */
function requestProblem(
  { executionRoleArn, jobDriver, mode, retryPolicy, executionTimeoutMinutes, executionIamPolicy }: StartJobRunRequest,
): string | undefined {
  const isStreaming = mode === 'STREAMING';
  if (!executionRoleArn) { return 'executionRoleArn must be given'; }
  if (typeof jobDriver?.sparkSubmit?.entryPoint !== 'string' || !jobDriver.sparkSubmit.entryPoint.trim()) { return 'jobDriver.sparkSubmit.entryPoint must be given'; }
  if (isStreaming && executionTimeoutMinutes) { return 'executionTimeoutMinutes cannot be set for a job run in STREAMING mode'; }
  if (isStreaming && retryPolicy?.maxAttempts) { return 'retryPolicy.maxAttempts cannot be set for a job run in STREAMING mode'; }
  if (!isStreaming && retryPolicy?.maxFailedAttemptsPerHour) { return 'retryPolicy.maxFailedAttemptsPerHour cannot be set for a job run in BATCH mode'; }
  if (executionIamPolicy?.policy !== undefined && !isPolicy(executionIamPolicy.policy)) { return 'executionIamPolicy.policy must be a policy document in JSON'; }
  if (executionIamPolicy?.policyArns?.length) { return 'The local service does not know the policies of executionIamPolicy.policyArns'; }
  return undefined;
}

/** What is wrong with the properties, which would be seen when Spark starts only. */
function parametersProblem(settings: CreateApplicationRequest, request: StartJobRunRequest): string | undefined {
  try {
    asked(sparkRequest(settings, request));
    return undefined;
  } catch (error) {
    if (error instanceof TypeError) { return 'The configurations must be those of the API'; }
    if (!(error instanceof InvalidParameters)) { throw error; }
    return error.message;
  }
}

/** To the service a member that is null is not there. */
function withoutNulls(value: unknown): unknown {
  if (Array.isArray(value)) { return value.map(withoutNulls); }
  if (typeof value !== 'object' || value === null) { return value; }
  return Object.fromEntries(Object.entries(value).filter(([, item]) => item !== null).map(([key, item]) => [key, withoutNulls(item)]));
}

function isPolicy(text: string): boolean {
  try {
    return Array.isArray(JSON.parse(text).Statement);
  } catch {
    return false;
  }
}

function isGracePeriod(inSeconds: number): boolean {
  return inSeconds === 0 || Number.isInteger(inSeconds) && inSeconds >= 15 && inSeconds <= 1800;
}

/** Times are seconds in the JSON of the service. */
function seconds(time: Date): number {
  return time.getTime() / 1000;
}

function page<Item>(items: Item[], { nextToken, maxResults }: Parameters, name: string, summary: (item: Item) => Body): Body {
  const from = Number(nextToken ?? 0);
  const most = Number(maxResults ?? 50);
  if (![from, most].every(Number.isInteger) || from < 0 || most < 1) { throw new ApiError('ValidationException', 'maxResults and nextToken must be those of the API'); }
  const to = from + Math.min(most, 50);
  return { [name]: items.slice(from, to).map(summary), ...to < items.length ? { nextToken: String(to) } : {} };
}
