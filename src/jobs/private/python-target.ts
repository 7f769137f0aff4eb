import { Architecture } from '../../application/architecture';
import type { EmrRelease } from '../../application/emr-release';
import { emrRelease } from '../../application/private/settings';
import { isLiteral, Problems, shown } from '../../private/checks';
import { knownBoolean, oneOf, struct } from '../../private/reading';
import type { PythonPackagesTarget } from '../python-packages';

/** The machine that imports the packages. Installers know it by these names. */
export interface PythonTarget {
  /** The minor version of Python, such as `3.9`. */
  readonly pythonVersion: string;
  readonly machine: 'x86_64' | 'aarch64';
  /** The newest glibc that a wheel may need is 2 and this number: 28 for manylinux_2_28. */
  readonly glibc: number;
}

export interface PythonTargetOptions {
  readonly pythonVersion?: string;
  readonly architecture?: Architecture;
}

export const packagesTarget = struct<PythonPackagesTarget>({
  release: emrRelease,
  architecture: oneOf(Architecture),
  customImage: knownBoolean,
});

const MANYLINUX_2014 = 17;
/** The platforms of wheels that also have names of their own. */
const OLDER_PLATFORMS: { readonly [glibc: number]: string | undefined } = {
  [MANYLINUX_2014]: 'manylinux2014',
  12: 'manylinux2010',
  5: 'manylinux1',
};

/** Amazon Linux 2 has glibc 2.26. The next platforms of wheels are 2.17 and 2.28. */
const GLIBC_OF_AMAZON_LINUX_2 = MANYLINUX_2014;
/** Amazon Linux 2023 has glibc 2.34. Hardly any wheel needs more than 2.28. */
const GLIBC_OF_AMAZON_LINUX_2023 = 28;

export function pythonTarget({ pythonVersion, architecture }: PythonTargetOptions, target: PythonPackagesTarget): PythonTarget {
  return {
    pythonVersion: pythonVersion ?? target.release!.pythonVersion!,
    machine: (architecture ?? target.architecture) === Architecture.ARM64 ? 'aarch64' : 'x86_64',
    glibc: glibcOf(target.release),
  };
}

/** Every image of EMR Serverless is built from the one of its release. A release that is not known may be of either system. */
function glibcOf(release: EmrRelease | undefined): number {
  return release === undefined || !isLiteral(release.label) || release.label.startsWith('emr-6.')
    ? GLIBC_OF_AMAZON_LINUX_2
    : GLIBC_OF_AMAZON_LINUX_2023;
}

export function pythonVersionProblems(prop: string, pythonVersion: string | undefined): Problems {
  return pythonVersion === undefined || (isLiteral(pythonVersion) && /^3\.(0|[1-9]\d?)$/.test(pythonVersion)) ? []
    : [`\`${prop}\` must be a minor version of Python such as "3.11", got: ${shown(pythonVersion)}`];
}

export function pythonTargetProblems(prop: string, options: PythonTargetOptions, target: PythonPackagesTarget): Problems {
  return [...missingPythonProblems(prop, options, target), ...architectureProblems(prop, options, target)];
}

function missingPythonProblems(prop: string, { pythonVersion }: PythonTargetOptions, target: PythonPackagesTarget): Problems {
  const { release, customImage } = target;
  if (pythonVersion !== undefined || (release?.pythonVersion !== undefined && !customImage)) { return []; }
  const why = customImage ? 'a custom image may have another Python than its release'
    : release ? `it is not known which Python release ${shown(release.label)} has`
      : 'the release of the application is not known';
  return [`\`${prop}\` must have a \`pythonVersion\` such as "3.11", because ${why}, got: undefined`];
}

function architectureProblems(prop: string, { architecture }: PythonTargetOptions, target: PythonPackagesTarget): Problems {
  const actual = isLiteral(target.architecture) ? target.architecture : undefined;
  if (architecture === undefined && actual === undefined) {
    return [`\`${prop}\` must have an \`architecture\`, because the architecture of the application is not known, got: undefined`];
  }
  return architecture === undefined || actual === undefined || architecture === actual ? []
    : [`the architecture of \`${prop}\` must be the one of the application, ${actual}, got: ${architecture}`];
}

/** The target in words, as messages have it. */
export function targetDescription({ pythonVersion, machine, glibc }: PythonTarget): string {
  return `Python ${pythonVersion} on ${machine} (${platformName(glibc)})`;
}

function platformName(glibc: number): string {
  return OLDER_PLATFORMS[glibc] ?? `manylinux_2_${glibc}`;
}

/** The platform as uv names it. uv accepts every older one too. */
export function uvPlatform({ machine, glibc }: PythonTarget): string {
  return `${machine}-${platformName(glibc)}`;
}

/** The platforms as pip names them, newest first. pip accepts no older one by itself. */
export function pipPlatforms({ machine, glibc }: PythonTarget): string[] {
  const oldest = machine === 'x86_64' ? 5 : MANYLINUX_2014;
  return Array.from({ length: glibc - oldest + 1 }, (_, i) => glibc - i)
    .flatMap((minor) => [`manylinux_2_${minor}`, OLDER_PLATFORMS[minor]])
    .filter((platform) => platform !== undefined)
    .map((platform) => `${platform}_${machine}`);
}
