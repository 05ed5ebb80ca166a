/**
 * From the start of a process to a mapped port, on a real gateway in the lab: Portwright, the floor of bare sockets, and
 * the other clients, side by side. Seven runs each, in turns, so that a busy moment of the machine hits all; medians.
 * RUNS=25 gives steadier figures.
 *
 * The others and the floor ask for the port without a look who has it, as `--trust-conflicts` does.
 */
import { createLab } from '../../lab/lab.mjs';
import { labAbsence } from '../../lab/availability.mjs';
import { median, pause, timeUntil } from './timing.mjs';

const RUNS = Number(process.env['RUNS'] ?? 7);
const programs = import.meta.dirname + '/programs/';
const cli = import.meta.dirname + '/../../packages/portwright/dist/bin.cjs';

/** @type {readonly (readonly [name: string, command: string, args: readonly string[]])[]} */
const contestants = [
  ['bare Node', process.execPath, [`${programs}node.mjs`]],
  ['bare sockets', process.execPath, [`${programs}bare-sockets.mjs`]],
  ['portwright map', process.execPath, [cli, 'map', '7777', '--protocol', 'udp']],
  ['  --trust-conflicts', process.execPath, [cli, 'map', '7777', '--protocol', 'udp', '--trust-conflicts']],
  ['portwright (library)', process.execPath, [`${programs}portwright.mjs`]],
  ['@runonflux/nat-upnp', process.execPath, [`${programs}runonflux.mjs`]],
  ['@silentbot1/nat-api', process.execPath, [`${programs}silentbot1.mjs`]],
  ['@achingbrain/nat-port-mapper', process.execPath, [`${programs}achingbrain.mjs`]],
  ['upnpc', 'upnpc', ['-a', '10.77.0.2', '7777', '7777', 'udp', '3600']],
];

// `pnpm bench lab portwright` runs the two that the ratios are made of, and those with the word in their name.
const wanted = process.argv[2] ?? '';
const chosen = contestants.filter(([name]) => name.startsWith('bare ') || name.includes(wanted));

const absence = labAbsence(['upnpc']);
if (absence !== undefined) {
  console.error(absence);
  process.exit(1);
}

const lab = await createLab();
/** @type {Map<string, number[]>} */
const times = new Map(chosen.map(([name]) => [name, []]));
try {
  for (let round = 0; round < RUNS; round += 1) {
    for (const [name, command, args] of chosen) times.get(name)?.push(await timed(name, command, args));
  }
} finally {
  lab.close();
}
report();

/**
 * Milliseconds until the program says that the port is mapped; the gateway is asked whether that is true.
 *
 * @param {string} name
 * @param {string} command
 * @param {readonly string[]} args
 */
async function timed(name, command, args) {
  await lab.lan.exec(process.execPath, [cli, 'unmap', '7777', '--protocol', 'udp', '--gateway', lab.descriptionUrl]);
  await pause();
  const time = await timeUntil(lab.lan, command, args, /mapped|is redirected/);
  const mapped = lab.mappings().some(({ externalPort }) => externalPort === 7777);
  if (mapped !== (name !== 'bare Node')) throw new Error(`${name}: the gateway's table says otherwise`);
  return time;
}

function report() {
  const medians = new Map([...times].map(([name, values]) => [name, median(values)]));
  const node = medians.get('bare Node') ?? Number.NaN;
  const floor = (medians.get('bare sockets') ?? Number.NaN) - node;
  console.log(`From the start of a process to a mapped port, medians of ${RUNS} runs:\n`);
  console.log(`${'program'.padEnd(32)}${'ms'.padStart(8)}${'less Node'.padStart(12)}${'x bare sockets'.padStart(17)}`);
  for (const [name, value] of medians) {
    const own = value - node;
    const ratio = name === 'bare Node' ? '' : (own / floor).toFixed(2);
    console.log(`${name.padEnd(32)}${value.toFixed(0).padStart(8)}${own.toFixed(0).padStart(12)}${ratio.padStart(17)}`);
  }
}
