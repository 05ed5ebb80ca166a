/**
 * From the start of a process to a mapped port, on a real gateway in the lab: a first start, which searches, against a
 * second one, which remembers the gateway; by one request, by mapPort until the gateway has said yes, and by mapPort with
 * its two further requests. Eleven runs each, in turns; medians, less what bare Node takes. RUNS=25 gives steadier figures.
 *
 * The ratio is the median of the rounds' ratios: a machine that is slow for a while is so for a first start and for the
 * second one after it. It fails where a second start takes more than its share of the first, in whatever way.
 */
import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { labAbsence } from '../../lab/availability.mjs';
import { createLab } from '../../lab/lab.mjs';
import { median, pause, timeUntil } from './timing.mjs';

const RUNS = Number(process.env['RUNS'] ?? 11);
/** Of the time of a first start. */
const LIMIT = 0.6;
const programs = `${import.meta.dirname}/programs/`;

const absence = labAbsence(['upnpc']);
if (absence !== undefined) {
  console.error(absence);
  process.exit(1);
}

const lab = await createLab();
const WAYS = ['plainly', 'promptly', 'carefully'];
/** @type {Readonly<Record<string, number[]>>} */
const times = Object.fromEntries(
  ['node', ...WAYS.flatMap((way) => [`${way} first`, `${way} second`])].map((name) => [name, []]),
);
try {
  const memory = join(lab.plan.directory, 'gateway.json');
  for (let round = 0; round < RUNS; round += 1) {
    await pause();
    times['node']?.push(await timeUntil(lab.lan, process.execPath, [`${programs}node.mjs`], /mapped/));
    for (const way of WAYS) {
      rmSync(memory, { force: true });
      times[`${way} first`]?.push(await mapped([`${programs}remember.mjs`, memory, way]));
      times[`${way} second`]?.push(await mapped([`${programs}remember.mjs`, memory, way]));
    }
  }
} finally {
  lab.close();
}
report();

/** @param {readonly string[]} args */
async function mapped(args) {
  await lab.lan.exec('upnpc', ['-u', lab.descriptionUrl, '-d', '7777', 'UDP']);
  await pause();
  const time = await timeUntil(lab.lan, process.execPath, args, /mapped/);
  if (!lab.mappings().some(({ externalPort }) => externalPort === 7777)) throw new Error('nothing is mapped');
  return time;
}

function report() {
  const node = median(times['node'] ?? []);
  const own = (/** @type {string} */ name) => median(times[name] ?? []) - node;
  console.log(
    `From the start of a process to a mapped port, medians of ${RUNS} runs, less Node's ${node.toFixed(0)} ms:\n`,
  );
  console.log(`${''.padEnd(24)}${'searched'.padStart(10)}${'remembered'.padStart(12)}${'ratio'.padStart(8)}   limit`);
  for (const [way = '', name] of [
    ['plainly', 'by one request'],
    ['promptly', 'by mapPort, granted'],
    ['carefully', 'by mapPort, verified'],
  ]) {
    const [first, second] = [own(`${way} first`), own(`${way} second`)];
    const columns = [`${first.toFixed(0)} ms`.padStart(10), `${second.toFixed(0)} ms`.padStart(12)];
    const ratio = median((times['node'] ?? []).map((bare, round) => share(way, bare, round)));
    console.log(`${String(name).padEnd(24)}${columns.join('')}${ratio.toFixed(2).padStart(8)}   at most ${LIMIT}`);
    // What could not be measured is not within it either.
    if (!(ratio <= LIMIT)) process.exitCode = 1;
  }
}

/**
 * What a second start takes of the first one, in one round.
 *
 * @param {string} way
 * @param {number} bare Node's milliseconds
 * @param {number} round
 */
function share(way, bare, round) {
  const [first = Number.NaN, second = Number.NaN] = ['first', 'second'].map(
    (start) => times[`${way} ${start}`]?.[round],
  );
  return (second - bare) / (first - bare);
}
