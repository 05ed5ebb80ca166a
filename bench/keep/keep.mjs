// @ts-check
/**
 * What it costs to keep mappings: bytes of heap for each, and the share of a core, at a lease of an hour.
 *
 * The heap is `heapUsed` after garbage collection with so many kept mappings more, less that without them, divided by
 * their number. The simulators' entries grow with them; their share is measured in the same way, by putting the same
 * entries into the same tables without anybody who keeps them, and subtracted. The share of a core is the process's CPU
 * time while the simulated hours pass, divided by those hours: the simulators' work is in it.
 */
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { keep, putEntries, setUp, tearDown } from './keepers.mjs';

const GATEWAYS = 1_000;
const MAPPINGS = 10;
const HOURS = 2;
const LIMITS = { bytes: 2_048, share: 0.05 };

setFlagsFromString('--expose-gc');
/** @type {() => void} */
const collectGarbage = runInNewContext('gc');

const scene = await setUp(GATEWAYS);
// The first on each gateway starts what all of them share: the loop and the watch.
const first = await keep(scene, 1, 0);
await scene.clock.advance('1h');

const before = await heapUsed();
const kept = await keep(scene, MAPPINGS - 1, 1);
// Two renewals of each: what they leave behind counts.
await scene.clock.advance('1h');
const withMappings = await heapUsed();

const cpu = process.cpuUsage();
await scene.clock.advance(HOURS * 3_600_000);
const { user, system } = process.cpuUsage(cpu);

const standing = scene.routers.reduce((sum, router) => sum + router.mappings().length, 0);
const beforeEntries = await heapUsed();
putEntries(scene, MAPPINGS - 1, MAPPINGS);
const withEntries = await heapUsed();

const count = first.length + kept.length;
const perMapping = (withMappings - before) / kept.length;
const perEntry = (withEntries - beforeEntries) / kept.length;
const own = perMapping - perEntry;
const share = (user + system) / (HOURS * 3_600_000_000);
await tearDown(scene);
const left = scene.routers.reduce((sum, router) => {
  const entries = router.mappings().filter(({ externalPort }) => externalPort < 20_000 + MAPPINGS);
  return sum + entries.length;
}, 0);

console.log(`${count} kept mappings on ${GATEWAYS} simulated gateways, with a lease of an hour:\n`);
row('heap for each', `${own.toFixed(0)} bytes`, `at most ${LIMITS.bytes}`);
row('  with its entry in the simulator', `${perMapping.toFixed(0)} bytes`);
row('  that entry alone', `${perEntry.toFixed(0)} bytes`);
row('share of a core', `${(share * 100).toFixed(2)} %`, `less than ${LIMITS.share * 100} %`);
row(`standing after ${HOURS + 2} hours`, String(standing), `all ${count}`);
row('left after close', String(left), 'none');

const isWithin = own <= LIMITS.bytes && share < LIMITS.share && standing === count && left === 0;
process.exitCode = isWithin ? 0 : 1;

/** After everything has settled, and nothing is left to collect. */
async function heapUsed() {
  for (let pass = 0; pass < 3; pass += 1) {
    await new Promise((resolve) => setImmediate(resolve));
    collectGarbage();
  }
  return process.memoryUsage().heapUsed;
}

/** @param {readonly string[]} cells */
function row(...cells) {
  const [what = '', value = '', limit = ''] = cells;
  console.log(`${what.padEnd(36)}${value.padStart(14)}   ${limit}`.trimEnd());
}
