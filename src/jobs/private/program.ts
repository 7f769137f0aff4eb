import { Warning } from '../../private/annotations';
import { isLiteral, patternProblems, Problems, shown } from '../../private/checks';
import { holdsCredential } from '../../private/credentials';
import { Fields, listOf, text } from '../../private/reading';
import { withoutTokens } from '../../private/rendered';

// What Spark starts with: the main class of a JAR, and the arguments of the program.

/** What a job has, and what a schedule or a task may give in place of it. */
export interface GivenArguments {
  readonly entryPointArguments?: string[];
}

export const ARGUMENTS: Fields<GivenArguments> = { entryPointArguments: listOf(text) };

const MAX_ARGUMENTS = 1024;

export function argumentProblems(entryPointArguments: readonly string[] | undefined): Problems {
  return entryPointArguments && isLiteral(entryPointArguments) && entryPointArguments.length > MAX_ARGUMENTS
    ? [`\`entryPointArguments\` must have at most ${MAX_ARGUMENTS} arguments, got: ${entryPointArguments.length}`]
    : [];
}

export function argumentWarnings(entryPointArguments: readonly string[] = []): Warning[] {
  const isPlain = (argument: string, option: string | undefined) => isLiteral(argument) && (holdsCredential(argument)
    // the value of an option, such as `--password`, may be the next argument
    || (/^--[\w-]+$/.test(option ?? '') && !argument.startsWith('--') && holdsCredential(`${option} ${argument}`)));
  const positions = entryPointArguments.flatMap((argument, i) => isPlain(argument, entryPointArguments[i - 1]) ? [`[${i}]`] : []);
  return positions.length === 0 ? [] : [{
    id: 'plainTextCredential',
    message: `\`entryPointArguments${positions.join('`, `entryPointArguments')}\` looks like a credential in plain text, readable in the`
      + ' template and to everybody who may describe the job run. Keep it in AWS Secrets Manager, and let the job read it',
  }];
}

export function mainClassProblems(mainClass: string | undefined): Problems {
  return patternProblems('mainClass', mainClass, 1024, /^[\p{L}_$][\p{L}\p{N}_$.]*$/u, 'the name of a class such as "com.example.Main"');
}

/** Only a JAR has a main class. */
export function entryPointProblems(mainClass: string | undefined, entryPoint: string | undefined): Problems {
  return mainClass !== undefined && entryPoint !== undefined && /\.py$/.test(withoutTokens(entryPoint))
    ? [`\`mainClass\` must be given for a JAR only, and \`entryPoint\` is a Python program, got: ${shown(mainClass)}`]
    : [];
}
