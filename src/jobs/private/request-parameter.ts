import { ParameterOptions, ParameterTier, StringParameter } from 'aws-cdk-lib/aws-ssm';
import { Problems, shown } from '../../private/checks';
import { renderings, UNKNOWN, withoutTokens } from '../../private/rendered';
import { refuseAtSynthesis } from '../../private/validation-error';
import type { SparkEmrServerlessJob } from '../spark-emr-serverless-job';

const MAX_CHARACTERS = 8192;
const MAX_CHARACTERS_OF_STANDARD = 4096;

/**
 * Makes a parameter with the request of the job. Only the deployment knows how long the request is, so that Parameter Store chooses the
 * tier.
 *
 * @see https://docs.aws.amazon.com/systems-manager/latest/userguide/parameter-store-advanced-parameters.html
 */
export function createRequestParameter(job: SparkEmrServerlessJob, id: string, options: ParameterOptions): StringParameter {
  const tier = options.tier ?? ParameterTier.INTELLIGENT_TIERING;
  const parameter = new StringParameter(job, id, { ...options, tier, stringValue: job.startJobRunInput });
  refuseAtSynthesis(parameter, () =>
    renderings(job, job.startJobRunInput).flatMap((request) => requestProblems(withoutTokens(request), tier)));
  return parameter;
}

/** The request is at least as long as what is known of it. */
function requestProblems(request: string, tier: ParameterTier): Problems {
  const [isStandard, max] = tier === ParameterTier.STANDARD ? [true, MAX_CHARACTERS_OF_STANDARD] : [false, MAX_CHARACTERS];
  const { length } = request.replaceAll(UNKNOWN, '');
  const [nested] = /\{\{.{0,40}/.exec(request) ?? [];
  return [
    ...length > max
      ? [`\`startJobRunInput\` must have at most ${max} characters in a parameter of the tier ${tier}`
        + `${isStandard ? `, and ${MAX_CHARACTERS} in one of ParameterTier.ADVANCED` : ''}, got: ${length} without the tokens`]
      : [],
    ...nested !== undefined
      ? [`\`startJobRunInput\` must not have {{ in a parameter, because Parameter Store refuses it, got: ${shown(nested)}`]
      : [],
  ];
}
