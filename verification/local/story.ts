import { FrontDoor } from './front-door';
import { expected, play, Scene } from './scenes';

const { table } = require('../../scripts/lib/table') as { table(headings: string[], rows: string[][][], columns: number): string };

const INTRODUCTION = `
Who tried what, and what AWS would have answered: the AWS SDK calls a local endpoint, where an IAM engine
decides by the policies of the template. No Spark runs, the states of job runs are simulated.
Spark and Other are applications, each with an execution role.

  Submitter was granted to start jobs of Spark as the role of Spark
  Stranger  was granted to start jobs of Other as the role of Other
  Misled    was granted to start jobs of Spark as the role of Other, which only Other can assume
`;

/** One row for each stretch of calls by the same principal, where there is room for a table. */
function show(scenes: Scene[], columns: number): string {
  const stretches = scenes.reduce<Scene[][]>((before, scene) => {
    const last = before.at(-1);
    return columns >= 110 && last?.[0].who === scene.who ? [...before.slice(0, -1), [...last, scene]] : [...before, [scene]];
  }, []);
  return table(['who', 'tried', 'on', 'answer'], stretches.map((stretch) => [
    [stretch[0].who], stretch.map(({ tried }) => tried), stretch.map(({ on }) => on), stretch.map(({ answer }) => answer),
  ]), columns);
}

async function main(): Promise<void> {
  const door = await FrontDoor.open();
  try {
    const played = await play(door);
    console.log(INTRODUCTION);
    console.log(show(played, process.stdout.columns ?? Infinity));

    const surprises = expected(door.outputs).filter(({ answer }, i) => answer !== played[i].answer);
    for (const { who, tried, on, answer } of surprises) { console.error(`✖ ${who}, ${tried} on ${on}: should be ${answer}`); }
    process.exitCode = surprises.length > 0 ? 1 : 0;
  } finally {
    await door.close();
  }
}

void main();
