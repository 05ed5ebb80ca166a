// @ts-check
import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { IPTABLES_BUILD } from './iptables-build.mjs';
import { run } from './network.mjs';

/** What the lab itself runs, and the Debian package that each comes from. */
const COMMANDS = { ip: 'iproute2', nft: 'nftables', miniupnpd: 'miniupnpd-nftables' };

/** What single tests and demos run inside a lab. */
const EXTRAS = {
  upnpc: 'miniupnpc',
  natpmpc: 'natpmpc',
  'godot3-server': 'godot3-server',
  'gssdp-discover': 'gupnp-tools',
  "python3's miniupnpc": 'python3-miniupnpc',
  "python3's gupnp-igd": 'python3-gi and gir1.2-gupnpigd-1.0',
  "python3's libtorrent": 'python3-libtorrent',
  'transmission-daemon': 'transmission-daemon',
  'npm clients': 'none: `npm ci --prefix bench --ignore-scripts` installs them',
  'miniupnpd on iptables': 'iptables, and lab/iptables-build.mjs for the rest',
};

/** How it is seen whether they are there, where they are no commands. @type {Readonly<Record<string, string>>} */
const SIGNS = {
  "python3's miniupnpc": '/usr/bin/python3 -c "import miniupnpc"',
  "python3's gupnp-igd": `/usr/bin/python3 -c "import gi; gi.require_version('GUPnPIgd', '1.0')"`,
  "python3's libtorrent": '/usr/bin/python3 -c "import libtorrent"',
  'npm clients': `test -d "${join(import.meta.dirname, '../bench/node_modules')}"`,
  // The kernel, too, has to have the older tables.
  'miniupnpd on iptables': `"${IPTABLES_BUILD}" --version && unshare --net iptables-legacy -t nat -L`,
};

/** @typedef {keyof typeof EXTRAS} Extra */

/**
 * Why no lab can be brought up here.
 *
 * @param {readonly Extra[]} [extras] commands that are needed besides the lab's own
 * @returns {string | undefined} a sentence, or undefined when nothing is in the way
 */
export function labAbsence(extras = []) {
  if (process.platform !== 'linux') return `The lab needs Linux network namespaces, and this is ${process.platform}.`;
  if (process.geteuid?.() !== 0) return 'The lab needs root, to make network namespaces.';
  const missing = missingFrom({ ...COMMANDS, ...Object.fromEntries(extras.map((name) => [name, EXTRAS[name]])) });
  if (missing !== undefined) return `The lab needs ${missing}: not there.`;
  const { stdout } = spawnSync('miniupnpd', ['--version'], { encoding: 'utf8' });
  if (!stdout.includes('nftables'))
    return 'The lab needs the nftables build of miniupnpd (Debian package miniupnpd-nftables).';
  return refusalOfKernel();
}

/**
 * For `describe.skipIf`: whether tests that need the lab are to be skipped. The reason goes to standard error, because a
 * skipped test says none. PORTWRIGHT_LAB=required, for the machines that must have the lab, makes its absence an error.
 *
 * @param {readonly Extra[]} [extras]
 * @returns {boolean}
 * @throws {Error} the lab is required, and absent
 */
export function skipWithoutLab(extras) {
  const absence = labAbsence(extras);
  if (absence === undefined) return false;
  if (process.env['PORTWRIGHT_LAB'] === 'required') throw new Error(`PORTWRIGHT_LAB=required, but: ${absence}`);
  process.stderr.write(`Skipped: ${absence}\n`);
  return true;
}

/**
 * Why a test can't run a command that only it needs: for the title of the skipped test. Like {@link skipWithoutLab}, it
 * throws where the lab is required.
 *
 * @param {Extra} extra
 * @returns {string | undefined} undefined: it is installed
 * @throws {Error} the lab is required
 */
export function extraAbsence(extra) {
  const missing = missingFrom({ [extra]: EXTRAS[extra] });
  if (missing === undefined) return undefined;
  const absence = `not installed: ${missing}`;
  if (process.env['PORTWRIGHT_LAB'] === 'required') throw new Error(`PORTWRIGHT_LAB=required, but: ${absence}`);
  return absence;
}

/**
 * @param {Readonly<Record<string, string>>} packages the Debian package of each command
 * @returns {string | undefined} those that are not there
 */
function missingFrom(packages) {
  const missing = Object.entries(packages).filter(([name]) => !isThere(name));
  if (missing.length === 0) return undefined;
  return missing.map(([command, debian]) => `${command} (Debian package ${debian})`).join(', ');
}

/** @param {string} name */
function isThere(name) {
  return spawnSync('sh', ['-c', SIGNS[name] ?? 'command -v -- "$1"', 'sh', name]).status === 0;
}

// Root in a container may lack the capability, and a kernel its NAT: only trying tells. The rehearsal has a mount namespace
// of its own with an empty /run, so its namespace ends with it and leaves no trace, however it ends.
const REHEARSAL = `
mount -t tmpfs none /run
mkdir /run/netns
ip netns add trial
ip -n trial link add eth0 type veth peer name lan0
ip netns exec trial nft -f - <<'RULES'
add table inet trial
add chain inet trial nat { type nat hook postrouting priority 100; }
add rule inet trial nat masquerade
RULES
`;

function refusalOfKernel() {
  try {
    run('unshare', ['--net', '--mount', 'sh', '-e'], REHEARSAL);
    return undefined;
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    return `The lab needs network namespaces with veth links and nftables NAT, and this machine refuses them: ${why}`;
  }
}
