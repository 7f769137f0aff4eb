import { JitterType, RetryProps } from 'aws-cdk-lib/aws-stepfunctions';
import { JobRun } from './job-run';
import { Warning } from '../../private/annotations';
import { isLiteral, Problems, secondsProblems, shown, wholeNumberProblems } from '../../private/checks';
import { duration, listOf, number, oneOf, openStruct, PROPS, read, text } from '../../private/reading';
import { mayBeKnownLater, renderedCopies } from '../../private/rendered';
import { refuse, refuseAtSynthesis } from '../../private/validation-error';
import type { EmrServerlessStartJobRun } from '../emr-serverless-start-job-run';

const retryProps = openStruct<RetryProps>({
  errors: listOf(text),
  interval: duration,
  maxAttempts: number,
  maxDelay: duration,
  jitterStrategy: oneOf(JitterType),
  backoffRate: number,
});

/** Reads a retry, and checks it now and when the app is synthesized. CDK keeps the list of errors. */
export function readRetry(task: EmrServerlessStartJobRun, props: RetryProps = {}): RetryProps {
  const { errors, ...others } = read(task, '', PROPS, props, retryProps);
  const retry = errors ? { ...others, errors: [...errors] } : others;
  refuse(task, '', retryProblems(retry));
  if (mayBeKnownLater(retry)) { refuseAtSynthesis(task, () => renderedCopies(task, retry).flatMap(retryProblems)); }
  return retry;
}

const MAX_NUMBER = 99_999_999;
const MAX_DELAY = 31_622_399;

/**
 * The limits of Step Functions.
 *
 * @see https://docs.aws.amazon.com/step-functions/latest/dg/concepts-error-handling.html
 */
function retryProblems({ errors, interval, maxAttempts, maxDelay, backoffRate }: RetryProps): Problems {
  return [
    ...errors?.length === 0 ? ['`errors` must hold at least one error, got: []'] : [],
    ...secondsProblems('interval', interval, 1, MAX_NUMBER),
    ...wholeNumberProblems('maxAttempts', maxAttempts, 0, MAX_NUMBER),
    ...secondsProblems('maxDelay', maxDelay, 1, MAX_DELAY),
    ...isLiteral(backoffRate) && !(Number.isFinite(backoffRate) && backoffRate >= 1)
      ? [`\`backoffRate\` must be a number of at least 1, got: ${shown(backoffRate)}`]
      : [],
  ];
}

/** What a job run that fails gives a task that waits for it. */
const OF_FAILED_JOB_RUNS = ['States.ALL', 'States.TaskFailed'];

/** Warns of a retry of the task that multiplies the attempts of the job. */
export function retryWarnings(
  { retryPolicy }: JobRun,
  waits: boolean,
  { errors = OF_FAILED_JOB_RUNS, maxAttempts = 3 }: RetryProps,
): Warning[] {
  const { maxAttempts: attempts } = retryPolicy ?? {};
  const isRetried = waits && maxAttempts !== 0 && errors.some((error) => OF_FAILED_JOB_RUNS.includes(error));
  return isRetried && isLiteral(attempts) && attempts > 1 && isLiteral(maxAttempts) ? [{
    id: 'retriesMultiply',
    message: `each retry of the task starts another job run, which has ${attempts} attempts: a job that always fails runs`
      + ` ${(maxAttempts + 1) * attempts} times. Use \`addRetry()\` of the task or \`maxAttempts\` of the job, and not both`,
  }] : [];
}
