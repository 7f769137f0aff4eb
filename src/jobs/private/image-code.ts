import { IGrantable } from 'aws-cdk-lib/aws-iam';
import { Construct } from 'constructs';
import { CodeLocation } from './code-location';
import { patternProblems, Problems } from '../../private/checks';
import { read, text } from '../../private/reading';
import { checkWhenRendered } from '../../private/rendered';
import { refuse } from '../../private/validation-error';

/** A file in the image. Nobody can look at it before the job runs. */
export class ImageCode implements CodeLocation {
  public constructor(private readonly path: string) {
    refuse(undefined, '', pathProblems(read(undefined, '', 'path', path, text)));
  }

  public get fileName(): string {
    return this.path;
  }

  public problems(): Problems {
    return [];
  }

  public bind(scope: Construct, _grantee: IGrantable): string {
    checkWhenRendered(scope, this.path, pathProblems);
    return this.path;
  }
}

/** Spark splits lists at commas, and takes what follows `#` for the name of a directory. EMR Serverless takes 4096 characters. */
function pathProblems(path: string): Problems {
  return patternProblems('path', path, 4096, /^(local:\/\/)?\/[^\s\p{C},#]+$/u,
    'an absolute path in the image such as /home/hadoop/job.py, or local:// and such a path: at most 4096 characters without blanks,'
    + ' commas or #');
}
