/**
 * The listing of a table of 128 mappings, and of one of 1000, on real gateways in the lab: Portwright beside the clients
 * that walk through it, an entry a request. From the start of each process to its end; the requests are those that the
 * gateway has logged. `@achingbrain/nat-port-mapper` has no listing. Three runs each, medians; RUNS says otherwise.
 *
 * miniupnpd on nftables has room for 128 ports in a listing, and ends when there are more; so Portwright looks first how
 * long a table is, unless it is told that the gateway can do better, as miniupnpd on iptables can.
 */
import { labAbsence } from '../../lab/availability.mjs';
import { fillTable } from '../../lab/fill.mjs';
import { createLab } from '../../lab/lab.mjs';
import { bundleTypeScript } from '../../lab/typescript.mjs';
import { median } from './timing.mjs';

/** @import { Lab } from '../../lab/lab.mjs' */

const RUNS = Number(process.env['RUNS'] ?? 3);
const programs = import.meta.dirname + '/programs/';
const PATIENCE = { timeoutMs: 120_000 };

const absence = labAbsence(['upnpc', 'miniupnpd on iptables']);
if (absence !== undefined) {
  console.error(absence);
  process.exit(1);
}

for (const [firewall, mappings] of /** @type {const} */ ([
  ['nftables', 128],
  ['iptables', 1000],
])) {
  const lab = await createLab({ firewall });
  try {
    await fillTable(lab, mappings);
    console.log(`Listing ${mappings} mappings of miniupnpd on ${firewall}, medians of ${RUNS} runs:\n`);
    await compare(lab);
    console.log('');
  } finally {
    lab.close();
  }
}

/** @param {Lab} lab */
async function compare(lab) {
  const own = await bundleTypeScript(lab, new URL(`file://${programs}list-portwright.mjs`));
  const node = process.execPath;
  console.log(`${'program'.padEnd(32)}${'requests'.padStart(10)}${'ms'.padStart(10)}${'listed'.padStart(10)}`);
  await contest(lab, 'portwright', node, [own, lab.descriptionUrl, 'careful']);
  await contest(lab, 'portwright, at once', node, [own, lab.descriptionUrl, 'at-once']);
  await contest(lab, 'portwright, UDP alone, at once', node, [own, lab.descriptionUrl, 'at-once', 'UDP']);
  await contest(lab, '@runonflux/nat-upnp', node, [`${programs}list-runonflux.mjs`]);
  await contest(lab, '@silentbot1/nat-api', node, [`${programs}list-silentbot1.mjs`]);
  await contest(lab, 'upnpc -l', 'upnpc', ['-u', lab.descriptionUrl, '-l']);
  await contest(lab, 'upnpc -L', 'upnpc', ['-u', lab.descriptionUrl, '-L']);
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
