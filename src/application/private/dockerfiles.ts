/** The image that a Dockerfile builds upon. What is not known is undefined. */
export interface BaseImage {
  /** The release of EMR Serverless. */
  readonly release?: string;
  /** The platform, such as `linux/arm64`. */
  readonly platform?: string;
}

const EMR_SERVERLESS_IMAGE = /(?:^|\/)emr-serverless\/spark\/(emr-[a-z0-9.-]+)(?:[:@].*)?$/;

interface Stage {
  readonly image: string;
  readonly platform?: string;
  readonly name?: string;
}

/** Reads what image the last stage of a Dockerfile builds upon, or the given stage. */
export function baseImage(dockerfile: string, target?: string): BaseImage {
  const stages = stagesOf(dockerfile);
  const last = target === undefined ? stages.length - 1 : stages.findIndex(({ name }) => name === target.toLowerCase());
  const stage = stages[last] && bottom(stages, last);
  return stage ? { release: EMR_SERVERLESS_IMAGE.exec(stage.image)?.[1], platform: literal(stage.platform) } : {};
}

/** A stage builds upon an image, or upon an earlier stage. */
function bottom(stages: Stage[], last: number): Stage {
  let stage = stages[last];
  for (let i = last - 1; i >= 0; i--) {
    if (stages[i].name === stage.image.toLowerCase()) { stage = stages[i]; }
  }
  return stage;
}

function stagesOf(dockerfile: string): Stage[] {
  // a text within the Dockerfile may have lines that look like instructions
  if (dockerfile.includes('<<')) { return []; }
  return dockerfile
    .replace(/^[ \t]*#.*\r?\n/gm, '')
    .replace(/\\[ \t]*\r?\n/g, ' ')
    .split('\n')
    .map((line) => /^\s*FROM\s+((?:--\S+\s+)*)(\S+)(?:\s+AS\s+(\S+))?\s*$/i.exec(line))
    .filter((match) => match !== null)
    .map(([, flags, image, name]) => ({ image, name: name?.toLowerCase(), platform: /--platform=(\S+)/.exec(flags)?.[1] }));
}

/** An argument of the build can become anything. */
function literal(text: string | undefined): string | undefined {
  return text?.includes('$') ? undefined : text;
}
