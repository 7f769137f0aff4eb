import { Pipeline, TOTALS } from './pipeline';
import { expected, play } from './scenes';

const { table } = require('../../scripts/lib/table') as { table(headings: string[], rows: string[][][], columns: number): string };

const COLUMNS = process.stdout.columns ?? Infinity;

async function main(folder: string): Promise<void> {
  const pipeline = await Pipeline.deploy(folder, { say: (sentence) => console.log(`  ${sentence}`) });
  // a demo that is interrupted leaves nothing behind either
  process.once('SIGINT', () => void pipeline.close().then(() => process.exit(130)));
  try {
    let last = '';
    const started = Date.now();
    const played = await play(pipeline, ({ who, tried }, state) => {
      if (last !== `${who} ${tried}`) { console.log(`\n  ${who}: ${tried}`); }
      last = `${who} ${tried}`;
      console.log(`    ${((Date.now() - started) / 1000).toFixed(1).padStart(5)} s  ${state}`);
    });
    console.log('\nWho tried what, and what came of it\n');
    console.log(table(['who', 'tried to', 'answer'], played.map(({ who, tried, answer }) => [[who], [tried], [answer]]), COLUMNS));

    const totals = (await pipeline.rows('totals/day=2026-11-27')).map(({ country, amount }) => ({ country, amount })).sort(byCountry);
    console.log(`\nWhat the nightly job computed: s3://${pipeline.bucket}/totals/day=2026-11-27\n`);
    console.log(table(['country', 'amount'], totals.map(({ country, amount }) => [[String(country)], [Number(amount).toFixed(2)]]), COLUMNS));

    const surprises = expected().filter(({ answer }, i) => answer !== played[i].answer).map(({ who, tried, answer }) => `${who}, ${tried}: should be ${answer}`);
    if (JSON.stringify(totals) !== JSON.stringify(TOTALS)) { surprises.push(`the totals should be ${JSON.stringify(TOTALS)}`); }
    surprises.forEach((surprise) => console.error(`✖ ${surprise}`));
    process.exitCode = surprises.length > 0 ? 1 : 0;
  } finally {
    await pipeline.close();
  }
}

function byCountry(one: { country: unknown }, other: { country: unknown }): number {
  return String(one.country).localeCompare(String(other.country));
}

void main(process.argv[2]);
