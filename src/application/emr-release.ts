import { isLiteral, shown } from '../private/checks';
import { read, text } from '../private/reading';
import { ValidationError } from '../private/validation-error';

const constants = new Map<string, EmrRelease>();

/**
 * A release of Amazon EMR. It decides which version of Spark an application runs, and which features the application can use.
 *
 * The constants are the releases that AWS had documented for EMR Serverless when this version of the library was released. Use
 * `EmrRelease.of('emr-…')` for a newer release.
 *
 * @see https://docs.aws.amazon.com/emr/latest/EMR-Serverless-UserGuide/release-versions.html
 */
export class EmrRelease {
  /** EMR 6.6.0 with Spark 3.2.0. */
  public static readonly EMR_6_6_0 = EmrRelease.constant('emr', '6.6.0', '3.2.0');
  /** EMR 6.7.0 with Spark 3.2.1. */
  public static readonly EMR_6_7_0 = EmrRelease.constant('emr', '6.7.0', '3.2.1');
  /** EMR 6.8.0 with Spark 3.3.0. */
  public static readonly EMR_6_8_0 = EmrRelease.constant('emr', '6.8.0', '3.3.0');
  /** EMR 6.9.0 with Spark 3.3.0. */
  public static readonly EMR_6_9_0 = EmrRelease.constant('emr', '6.9.0', '3.3.0');
  /** EMR 6.10.0 with Spark 3.3.1. */
  public static readonly EMR_6_10_0 = EmrRelease.constant('emr', '6.10.0', '3.3.1');
  /** EMR 6.11.0 with Spark 3.3.2. */
  public static readonly EMR_6_11_0 = EmrRelease.constant('emr', '6.11.0', '3.3.2');
  /** EMR 6.12.0 with Spark 3.4.0. */
  public static readonly EMR_6_12_0 = EmrRelease.constant('emr', '6.12.0', '3.4.0');
  /** EMR 6.13.0 with Spark 3.4.1. */
  public static readonly EMR_6_13_0 = EmrRelease.constant('emr', '6.13.0', '3.4.1');
  /** EMR 6.14.0 with Spark 3.4.1. */
  public static readonly EMR_6_14_0 = EmrRelease.constant('emr', '6.14.0', '3.4.1');
  /** EMR 6.15.0 with Spark 3.4.1. */
  public static readonly EMR_6_15_0 = EmrRelease.constant('emr', '6.15.0', '3.4.1');
  /** EMR 7.0.0 with Spark 3.5.0. */
  public static readonly EMR_7_0_0 = EmrRelease.constant('emr', '7.0.0', '3.5.0');
  /** EMR 7.1.0 with Spark 3.5.0. */
  public static readonly EMR_7_1_0 = EmrRelease.constant('emr', '7.1.0', '3.5.0');
  /** EMR 7.2.0 with Spark 3.5.1. */
  public static readonly EMR_7_2_0 = EmrRelease.constant('emr', '7.2.0', '3.5.1');
  /** EMR 7.3.0 with Spark 3.5.1. */
  public static readonly EMR_7_3_0 = EmrRelease.constant('emr', '7.3.0', '3.5.1');
  /** EMR 7.4.0 with Spark 3.5.2. */
  public static readonly EMR_7_4_0 = EmrRelease.constant('emr', '7.4.0', '3.5.2');
  /** EMR 7.5.0 with Spark 3.5.2. */
  public static readonly EMR_7_5_0 = EmrRelease.constant('emr', '7.5.0', '3.5.2');
  /** EMR 7.6.0 with Spark 3.5.3. */
  public static readonly EMR_7_6_0 = EmrRelease.constant('emr', '7.6.0', '3.5.3');
  /** EMR 7.7.0 with Spark 3.5.3. */
  public static readonly EMR_7_7_0 = EmrRelease.constant('emr', '7.7.0', '3.5.3');
  /** EMR 7.8.0 with Spark 3.5.4. */
  public static readonly EMR_7_8_0 = EmrRelease.constant('emr', '7.8.0', '3.5.4');
  /** EMR 7.9.0 with Spark 3.5.5. */
  public static readonly EMR_7_9_0 = EmrRelease.constant('emr', '7.9.0', '3.5.5');
  /** EMR 7.10.0 with Spark 3.5.5. */
  public static readonly EMR_7_10_0 = EmrRelease.constant('emr', '7.10.0', '3.5.5');
  /** EMR 7.11.0 with Spark 3.5.6. */
  public static readonly EMR_7_11_0 = EmrRelease.constant('emr', '7.11.0', '3.5.6');
  /** EMR 7.12.0 with Spark 3.5.6. */
  public static readonly EMR_7_12_0 = EmrRelease.constant('emr', '7.12.0', '3.5.6');
  /** EMR 7.13.0 with Spark 3.5.6. */
  public static readonly EMR_7_13_0 = EmrRelease.constant('emr', '7.13.0', '3.5.6');
  /** EMR 7.14.0 with Spark 3.5.8. */
  public static readonly EMR_7_14_0 = EmrRelease.constant('emr', '7.14.0', '3.5.8');
  /** EMR Spark 8.0, the preview, with Spark 4.0.1. */
  public static readonly EMR_SPARK_8_0_PREVIEW = EmrRelease.constant('emr-spark', '8.0.0-preview', '4.0.1', 'emr-spark-8.0-preview');
  /** EMR Spark 8.0.0 with Spark 4.0.2. */
  public static readonly EMR_SPARK_8_0_0 = EmrRelease.constant('emr-spark', '8.0.0', '4.0.2');
  /** EMR Spark 8.1.0 (long-term support) with Spark 4.1.1. */
  public static readonly EMR_SPARK_8_1_0 = EmrRelease.constant('emr-spark', '8.1.0', '4.1.1');
  /** EMR Spark 8.2.0 (long-term support) with Spark 4.1.3. */
  public static readonly EMR_SPARK_8_2_0 = EmrRelease.constant('emr-spark', '8.2.0', '4.1.3');

  /**
   * The newest generally available release that AWS had documented when this version of the library was released.
   *
   * A minor version of this library may move it to a newer release. CloudFormation cannot change the release of an application that is
   * started. Name a release for an application in production.
   */
  public static readonly LATEST = EmrRelease.EMR_SPARK_8_2_0;

  /**
   * Returns a release by its label. Use it for a release that has no constant here.
   *
   * The library does not know which features such a release has, and does not check them.
   *
   * @param label the label of the release: `emr-` and then characters of `A-Za-z0-9._/-`, at most 64 characters in all
   */
  public static of(label: string): EmrRelease {
    read(undefined, '', 'label', label, text);
    if (isLiteral(label) && !(label.length <= 64 && /^emr-[A-Za-z0-9._/-]+$/.test(label))) {
      throw new ValidationError(['`label` must be a release label such as "emr-7.14.0" or "emr-spark-8.2.0"'
        + ` (emr- and then A-Z a-z 0-9 . _ / -, at most 64 characters), got: ${shown(label)}`]);
    }
    return constants.get(label) ?? new EmrRelease(label);
  }

  private static constant(line: string, version: string, sparkVersion: string, label = `${line}-${version}`): EmrRelease {
    const release = new EmrRelease(label, sparkVersion, pythonVersionOf(line, version), { line, version });
    constants.set(label, release);
    return release;
  }

  private constructor(
    /** The label of the release, such as `emr-7.14.0`. */
    public readonly label: string,
    /** The version of Apache Spark in the release. It is undefined for a release that has no constant. */
    public readonly sparkVersion?: string,
    /**
     * The minor version of Python that runs PySpark jobs, such as `3.9`. A job may choose another one that the release or its image has. It
     * is undefined for a release that has no constant.
     */
    public readonly pythonVersion?: string,
    /**
     * The release line, and the semantic version within the line. Features are looked up by them.
     *
     * @internal
     */
    public readonly _version?: { readonly line: string; readonly version: string },
  ) {}

  /** Returns the label of the release, such as `emr-7.14.0`. */
  public toString(): string {
    return this.label;
  }
}

function pythonVersionOf(line: string, version: string): string {
  if (line === 'emr-spark') { return '3.11'; }
  return version.startsWith('6.') ? '3.7' : '3.9';
}
