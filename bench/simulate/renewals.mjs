// @ts-check
/**
 * A day on a network of simulated gateways: ten mappings on each, with leases of an hour, every one renewed at half its
 * life. Each size runs in a process of its own, which starts with an empty memory. What counts is that a thousand
 * gateways take a hundred times as long as ten, and no longer.
 */
import { spawnSync } from 'node:child_process';
import { renew } from './renew.mjs';

const SIZES = [10, 100, 1_000];
const MAPPINGS = 10;
const HOURS = 24;
const LIMITS = { seconds: 90, mebibytes: 1_024 };

/** @typedef {import('./renew.mjs').Outcome & { gateways: number, peakMebibytes: number }} Run */

if (process.argv[2] === 'child') {
  const gateways = Number(process.argv[3]);
  const outcome = await renew({ gateways, mappings: MAPPINGS, hours: HOURS });
  // Node gives it in kilobytes, on every system.
  const peakMebibytes = process.resourceUsage().maxRSS / 1_024;
  console.log(JSON.stringify({ ...outcome, gateways, peakMebibytes }));
} else {
  process.exitCode = report(SIZES.map(runAlone));
}

/**
 * @param {number} gateways
 * @returns {Run}
 */
function runAlone(gateways) {
  console.error(`${gateways} gateways ...`);
  const { status, stdout } = spawnSync(process.execPath, [import.meta.filename, 'child', String(gateways)], {
    stdio: ['ignore', 'pipe', 'inherit'],
    encoding: 'utf8',
  });
  if (status !== 0) throw new Error(`the run with ${gateways} gateways ended with status ${status}`);
  return JSON.parse(stdout);
}

/**
 * @param {readonly Run[]} runs
 * @returns {number} the exit status: 1 where something was lost or a limit broken
 */
function report(runs) {
  console.log(`${HOURS} hours, ${MAPPINGS} mappings on each gateway, renewed every half hour:\n`);
  row('gateways', 'renewals', 'failed', 'mapped', 's', 'peak MiB', 'renewals/s', 'time x');
  for (const [index, run] of runs.entries()) {
    const { gateways, renewals, failures, mapped, milliseconds, peakMebibytes } = run;
    const before = runs[index - 1];
    const growth = before === undefined ? '' : (milliseconds / before.milliseconds).toFixed(1);
    const seconds = milliseconds / 1_000;
    row(
      gateways,
      renewals,
      failures,
      mapped,
      seconds.toFixed(1),
      peakMebibytes.toFixed(0),
      (renewals / seconds).toFixed(0),
      growth,
    );
  }
  const problems = runs.flatMap(problemsOf);
  console.log(problems.length === 0 ? '' : `\n${problems.join('\n')}`);
  return problems.length === 0 ? 0 : 1;
}

/** @param {readonly (string | number)[]} cells */
function row(...cells) {
  console.log(cells.map((cell) => String(cell).padStart(11)).join(''));
}

/**
 * @param {Run} run
 * @returns {readonly string[]}
 */
function problemsOf({ gateways, failures, mapped, milliseconds, peakMebibytes }) {
  const lost = gateways * MAPPINGS - mapped;
  return [
    ...(failures > 0 ? [`${gateways} gateways: ${failures} renewals failed`] : []),
    ...(lost > 0 ? [`${gateways} gateways: ${lost} mappings were lost`] : []),
    ...(milliseconds > LIMITS.seconds * 1_000 ? [`${gateways} gateways: more than ${LIMITS.seconds} s`] : []),
    ...(peakMebibytes > LIMITS.mebibytes ? [`${gateways} gateways: more than ${LIMITS.mebibytes} MiB`] : []),
  ];
}
