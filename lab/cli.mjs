// @ts-check
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { constants } from 'node:os';
import { parseArgs } from 'node:util';
import { labAbsence } from './availability.mjs';
import { createLab } from './lab.mjs';
import { planLab } from './plan.mjs';
import { destroy, destroyStale, isClaimed } from './registry.mjs';

const USAGE = `A real gateway (miniupnpd) with a LAN and an outside, in network namespaces. Needs root.

  up    [--name NAME]          bring a lab up; it stays until "down"
        [--igd1]               the gateway describes itself as version 1
        [--secure]             mappings only to the address that asks for them
        [--double-nat]         the gateway's external address is a private one
        [--http-port PORT]     of the description and the control URLs (default: 5000)
        [--no-ipv6] [--no-upnp] [--no-natpmp]
        [--iptables]           on iptables (default: nftables)
  exec  <lan|gw|wan> [--name NAME] [--] COMMAND...
                               run a command on the client, the gateway or the host outside
  down  [--name NAME]          take it down; no harm if it is not up
        [--stale]              take down what killed test runs have left behind

NAME is "default" unless given.
`;

/** Someone called this wrongly: one sentence to say so, and exit status 2. */
class Misuse extends Error {}

/** @type {Readonly<Record<string, (args: string[]) => number | Promise<number>>>} */
const COMMANDS = { up, exec, down };

/** @param {string[]} args */
async function main([command = '', ...args]) {
  if (command === '' || command === 'help' || command === '--help' || command === '-h') {
    process.stdout.write(USAGE);
    return command === '' ? 2 : 0;
  }
  const action = Object.hasOwn(COMMANDS, command) ? COMMANDS[command] : undefined;
  if (action === undefined) throw new Misuse(`There is no command "${command}": it is up, exec or down.`);
  return action(args);
}

/** @param {string[]} args */
async function up(args) {
  const { name, ...flags } = optionsFrom(args, {
    name: { type: 'string', default: 'default' },
    igd1: { type: 'boolean' },
    secure: { type: 'boolean' },
    'double-nat': { type: 'boolean' },
    'http-port': { type: 'string', default: '5000' },
    'no-ipv6': { type: 'boolean' },
    'no-upnp': { type: 'boolean' },
    'no-natpmp': { type: 'boolean' },
    iptables: { type: 'boolean' },
  });
  const options = {
    name,
    igd1: flags.igd1 === true,
    secureMode: flags.secure === true,
    doubleNat: flags['double-nat'] === true,
    httpPort: Number(flags['http-port']),
    ipv6: flags['no-ipv6'] !== true,
    upnp: flags['no-upnp'] !== true,
    natpmp: flags['no-natpmp'] !== true,
    firewall: /** @type {import('./firewall.mjs').FirewallName} */ (flags.iptables === true ? 'iptables' : 'nftables'),
  };
  planned(options);
  refuseWithoutLab(options.firewall);
  const lab = await createLab(options);
  lab.leave();
  const six = (/** @type {string | undefined} */ address) => (address === undefined ? '' : ` and ${address}`);
  process.stdout.write(`Lab "${name}" is up.
  lan  ${lab.lanAddress}${six(lab.lanAddress6)}
  gw   ${lab.gatewayAddress}${six(lab.gatewayAddress6)}; outside ${lab.externalAddress}${six(lab.externalAddress6)}
       ${lab.descriptionUrl}
  wan  ${lab.wanAddress}${six(lab.wanAddress6)}
Its files are in ${lab.plan.directory}.
`);
  return 0;
}

/** @param {string[]} args */
async function exec(args) {
  const { host, name, command } = execFrom(args);
  const plan = planned({ name });
  refuseWithoutLab();
  if (!isClaimed(plan)) throw new Error(`No lab named "${name}" is up.`);
  const child = spawn('ip', ['netns', 'exec', plan.namespaces[host], ...command], { stdio: 'inherit' });
  // A Ctrl-C reaches the command too: it decides what becomes of it, and this process then ends the same way.
  for (const signal of /** @type {const} */ (['SIGINT', 'SIGQUIT'])) process.on(signal, () => {});
  for (const signal of /** @type {const} */ (['SIGTERM', 'SIGHUP'])) process.on(signal, () => child.kill(signal));
  await once(child, 'exit');
  return child.exitCode ?? 128 + constants.signals[child.signalCode ?? 'SIGKILL'];
}

/** @param {string[]} args */
function down(args) {
  const { name, stale } = optionsFrom(args, { name: { type: 'string' }, stale: { type: 'boolean' } });
  if (stale === true && name !== undefined) throw new Misuse('Give --name or --stale, not both.');
  const plan = planned({ name: name ?? 'default' });
  if (process.geteuid?.() !== 0) throw new Error('The lab needs root, to remove network namespaces.');
  if (stale === true) {
    const gone = destroyStale();
    process.stdout.write(gone.length === 0 ? 'Nothing was left behind.\n' : `Taken down: ${gone.join(', ')}.\n`);
    return 0;
  }
  const wasUp = isClaimed(plan);
  destroy(plan);
  process.stdout.write(wasUp ? `Lab "${plan.name}" is down.\n` : `Lab "${plan.name}" was not up.\n`);
  return 0;
}

/**
 * `<host> [--name NAME] [--] COMMAND...`, where the command's own options are not ours: they start after the host, or
 * after the "--".
 *
 * @param {string[]} args
 */
function execFrom(args) {
  const rest = [...args];
  let host;
  let name = 'default';
  while (rest[0] !== undefined) {
    const word = rest[0];
    if (word === '--name') name = rest.splice(0, 2)[1] ?? '';
    else if (word.startsWith('--name=')) name = /** @type {string} */ (rest.shift()).slice('--name='.length);
    else if (host !== undefined) break;
    else if (word === 'lan' || word === 'gw' || word === 'wan') host = /** @type {typeof word} */ (rest.shift());
    else throw new Misuse(`A command runs on lan, gw or wan, not on "${word}".`);
  }
  if (rest[0] === '--') rest.shift();
  if (host === undefined) throw new Misuse('Say where the command runs: exec <lan|gw|wan> [--name NAME] -- COMMAND...');
  if (rest.length === 0) throw new Misuse(`Say what to run on ${host}: exec ${host} [--name NAME] -- COMMAND...`);
  return { host, name, command: rest };
}

/**
 * @template {NonNullable<import('node:util').ParseArgsConfig['options']>} Options
 * @param {string[]} args
 * @param {Options} options
 */
function optionsFrom(args, options) {
  try {
    return parseArgs({ args, options, allowPositionals: false }).values;
  } catch (error) {
    throw new Misuse(error instanceof Error ? error.message : String(error), { cause: error });
  }
}

/** @param {import('./plan.mjs').LabOptions & { name: string }} options */
function planned(options) {
  try {
    return planLab(options);
  } catch (error) {
    throw new Misuse(error instanceof Error ? error.message : String(error), { cause: error });
  }
}

/** @param {import('./firewall.mjs').FirewallName} firewall */
function refuseWithoutLab(firewall = 'nftables') {
  const absence = labAbsence(firewall === 'iptables' ? ['miniupnpd on iptables'] : []);
  if (absence !== undefined) throw new Error(absence);
}

try {
  process.exitCode = await main(process.argv.slice(2));
} catch (error) {
  process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
  process.exitCode = error instanceof Misuse ? 2 : 1;
}
