/**
 * The listing of a table of 128 mappings, and of one of 1000, on a real gateway in the lab: Portwright beside the clients
 * that walk through it, an entry a request. From the start of each process to its end; the requests are those that the
 * gateway has logged. `@achingbrain/nat-port-mapper` has no listing. Three runs each, medians; RUNS says otherwise.
 */
import { labAbsence } from '../../lab/availability.mjs';
import { createLab } from '../../lab/lab.mjs';
import { bundleTypeScript } from '../../lab/typescript.mjs';
import { median } from './timing.mjs';

/** @import { Lab } from '../../lab/lab.mjs' */

const RUNS = Number(process.env['RUNS'] ?? 3);
const programs = import.meta.dirname + '/programs/';
const PATIENCE = { timeoutMs: 120_000 };

const absence = labAbsence(['upnpc']);
if (absence !== undefined) {
  console.error(absence);
  process.exit(1);
}

for (const mappings of [128, 1000]) {
  const lab = await createLab();
  try {
    await fill(lab, mappings);
    await compare(lab, mappings);
    console.log(`\nAt once, by upnpc -L: ${await listedAtOnce(lab)}.\n`);
  } finally {
    lab.close();
  }
}

/**
 * @param {Lab} lab
 * @param {number} mappings
 */
async function compare(lab, mappings) {
  const own = await bundleTypeScript(lab, new URL(`file://${programs}list-portwright.mjs`));
  const node = process.execPath;
  console.log(`Listing ${mappings} mappings, medians of ${RUNS} runs:\n`);
  console.log(`${'program'.padEnd(32)}${'requests'.padStart(10)}${'ms'.padStart(10)}${'listed'.padStart(10)}`);
  await contest(lab, 'portwright, all', node, [own, lab.descriptionUrl]);
  await contest(lab, 'portwright, UDP alone', node, [own, lab.descriptionUrl, 'UDP']);
  await contest(lab, '@runonflux/nat-upnp', node, [`${programs}list-runonflux.mjs`]);
  await contest(lab, '@silentbot1/nat-api', node, [`${programs}list-silentbot1.mjs`]);
  await contest(lab, 'upnpc -l', 'upnpc', ['-u', lab.descriptionUrl, '-l']);
}

/**
 * What comes of it when a gateway is asked for all of them at once.
 *
 * @param {Lab} lab
 */
async function listedAtOnce(lab) {
  const { stdout } = await lab.lan.exec('upnpc', ['-u', lab.descriptionUrl, '-L'], PATIENCE);
  const { code } = await lab.lan.exec('upnpc', ['-u', lab.descriptionUrl, '-s'], PATIENCE);
  return code === 0 ? `${rowsIn(stdout)} listed` : 'the gateway ends';
}

/**
 * As the gateway itself writes its rules, all at once: asked for one by one, a thousand would take it half an hour, since
 * each is compared with all that there are.
 *
 * @param {Lab} lab
 * @param {number} count
 */
async function fill(lab, count) {
  const rule = (/** @type {number} */ port) =>
    `add rule inet filter prerouting_miniupnpd iif "wan0" meta l4proto udp @nh,72,8 0x11 th dport ${port} dnat ip to 10.77.0.2:${port}\n`;
  const input = Array.from({ length: count }, (_, at) => rule(20_000 + at)).join('');
  const { code, stderr } = await lab.gw.exec('nft', ['-f', '-'], { input });
  if (code !== 0) throw new Error(stderr);
}

/**
 * @param {Lab} lab
 * @param {string} name
 * @param {string} command
 * @param {readonly string[]} args
 */
async function contest(lab, name, command, args) {
  /** @type {number[]} */
  const times = [];
  let requests = 0;
  let listed = 0;
  for (let round = 0; round < RUNS; round += 1) {
    const before = listings(lab);
    const started = performance.now();
    const { stdout, stderr, code } = await lab.lan.exec(command, args, PATIENCE);
    if (code !== 0) throw new Error(`${name} ended with status ${code}:\n${stdout}${stderr}`);
    times.push(performance.now() - started);
    requests = listings(lab) - before;
    listed = Number(/listed (\d+)/.exec(stdout)?.[1] ?? rowsIn(stdout));
  }
  const columns = [`${requests}`, median(times).toFixed(0), `${listed}`].map((column) => column.padStart(10));
  console.log(`${name.padEnd(32)}${columns.join('')}`);
}

/**
 * Requests for entries that the gateway has had.
 *
 * @param {Lab} lab
 */
function listings(lab) {
  return lab.gatewayLog().match(/SOAPAction: .*#Get(?:GenericPortMappingEntry|ListOfPortMappings)/gi)?.length ?? 0;
}

/** @param {string} output upnpc's */
function rowsIn(output) {
  return output.match(/^ *\d+ (?:TCP|UDP) /gm)?.length ?? 0;
}
