import { ParameterOptions, ParameterTier, StringParameter } from 'aws-cdk-lib/aws-ssm';
import { patternProblems, Problems, shown } from '../../private/checks';
import { boolean, oneOf, struct, text } from '../../private/reading';
import { checkWhenRendered, renderings, UNKNOWN, withoutTokens } from '../../private/rendered';
import { refuseAtSynthesis } from '../../private/validation-error';
import type { SparkEmrServerlessJob } from '../spark-emr-serverless-job';

const MAX_CHARACTERS = 8192;
const MAX_CHARACTERS_OF_STANDARD = 4096;

export const parameterOptions = struct<ParameterOptions>({
  allowedPattern: text,
  description: text,
  parameterName: text,
  simpleName: boolean,
  // the module of the enum is loaded when a parameter is made
  tier: (prop, value, problems) => oneOf(ParameterTier)(prop, value, problems),
});

/** Lists what is wrong with the parameter, except for its value. */
export function parameterProblems(id: string, { parameterName }: ParameterOptions): Problems {
  return [
    ...id.includes('/')
      ? [`\`id\` must have no slashes (\`options.parameterName\` is the name of the parameter), got: ${shown(id)}`]
      : [],
    ...parameterNameProblems(parameterName),
  ];
}

/** @see https://docs.aws.amazon.com/systems-manager/latest/APIReference/API_PutParameter.html */
function parameterNameProblems(name: string | undefined): Problems {
  return patternProblems('options.parameterName', name, 1011, /^(?!\/?(aws|ssm))([\w.-]+|(\/[\w.-]+)+)$/i,
    'a name of A-Z a-z 0-9 _ . -, or such names with a slash in front of each, at most 1011 characters,'
    + ' and must not start with aws or ssm');
}

/**
 * Makes a parameter with the request of the job. Only the deployment knows how long the request is, so that Parameter Store chooses the
 * tier.
 *
 * @see https://docs.aws.amazon.com/systems-manager/latest/userguide/parameter-store-advanced-parameters.html
 */
export function createRequestParameter(job: SparkEmrServerlessJob, id: string, options: ParameterOptions): StringParameter {
  const tier = options.tier ?? ParameterTier.INTELLIGENT_TIERING;
  const parameter = new StringParameter(job, id, { ...options, tier, stringValue: job.startJobRunInput });
  checkWhenRendered(parameter, options.parameterName, parameterNameProblems);
  refuseAtSynthesis(parameter, () =>
    renderings(job, job.startJobRunInput).flatMap((request) => requestProblems(withoutTokens(request), tier)));
  return parameter;
}

/** The request is at least as long as what is known of it. */
function requestProblems(request: string, tier: ParameterTier): Problems {
  const [isStandard, max] = tier === ParameterTier.STANDARD ? [true, MAX_CHARACTERS_OF_STANDARD] : [false, MAX_CHARACTERS];
  const { length } = request.replaceAll(UNKNOWN, '');
  // up to the end of the text, or to a token
  const [nested] = new RegExp(`\\{\\{[^"${UNKNOWN}]*`).exec(request) ?? [];
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
