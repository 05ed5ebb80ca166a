// @ts-check
import { spawnSync } from 'node:child_process';
import { existsSync, readdirSync, readlinkSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { LAN, wanOf } from './plan.mjs';

/** @import { HostName, LabPlan } from './plan.mjs' */

// Everything here blocks on purpose. A signal is then handled between two steps and never inside one, so whoever cleans up
// sees all that was made; and an exit handler, which cannot wait for anything, can clean up with the same functions.

/**
 * Runs a command to its end.
 *
 * @param {string} command
 * @param {readonly string[]} args
 * @param {string} [input] for its standard input
 * @throws {Error} it cannot be run, or it fails
 */
export function run(command, args, input = '') {
  const { pid, error, status, signal, stderr } = spawnSync(command, args, {
    input,
    encoding: 'utf8',
    timeout: 120_000,
  });
  if (error === undefined && status === 0) return;
  const started = pid !== 0;
  const why = (started && stderr.trim()) || (signal ?? error?.message ?? `exit status ${status ?? 'unknown'}`);
  throw new Error(`"${[command, ...args].join(' ')}" failed: ${why}`);
}

/**
 * Makes the namespaces, joins them and gives them addresses and routes.
 *
 * @param {LabPlan} plan
 */
export function raiseNetwork(plan) {
  const { lan, gw, wan } = plan.namespaces;
  const outside = wanOf(plan);
  run('ip', ['-batch', '-'], lines([`netns add ${lan}`, `netns add ${gw}`, `netns add ${wan}`]));
  for (const namespace of [lan, gw, wan]) setKernel(namespace, plan.settings.ipv6, namespace === gw);
  // Both ends are born inside their namespaces, so no interface name has to be unique on this machine. The hardware
  // addresses are fixed because the link-local IPv6 addresses, which SSDP answers come from, follow from them.
  run(
    'ip',
    ['-batch', '-'],
    lines([
      `link add eth0 address 02:00:0a:4d:00:02 netns ${lan} type veth peer name lan0 address 02:00:0a:4d:00:01 netns ${gw}`,
      `link add eth0 address 02:00:05:05:05:02 netns ${wan} type veth peer name wan0 address 02:00:05:05:05:01 netns ${gw}`,
    ]),
  );
  const both = plan.settings.ipv6;
  configure(gw, [
    ...address('lan0', LAN.gateway, both && LAN.gateway6),
    ...address('wan0', outside.gateway, both && outside.gateway6),
  ]);
  configure(lan, [
    ...address('eth0', LAN.host, both && LAN.host6),
    ...route('default', LAN.gateway, both && LAN.gateway6),
  ]);
  // Outside knows the way to the IPv6 LAN, which has no NAT in front of it: only the firewall keeps packets out.
  configure(wan, [
    ...address('eth0', outside.host, both && outside.host6),
    ...(both ? [`route add ${LAN.subnet6} via ${outside.gateway6}`] : []),
  ]);
}

/**
 * Takes away whatever there is of a lab's network and ends the processes in it. A lab that is gone is no error.
 *
 * @param {LabPlan} plan
 */
export function removeNetwork(plan) {
  const namespaces = Object.values(plan.namespaces).filter(exists);
  endProcessesIn(namespaces);
  for (const name of namespaces) {
    try {
      run('ip', ['netns', 'delete', name]);
    } catch (error) {
      if (exists(name)) throw error; // else someone else takes the same lab down, and was quicker
    }
  }
}

/** @param {string} namespace */
function exists(namespace) {
  return existsSync(join('/run/netns', namespace));
}

/**
 * @param {string} namespace
 * @param {boolean} ipv6
 * @param {boolean} forwards
 */
function setKernel(namespace, ipv6, forwards) {
  const settings = {
    'ipv4/ip_forward': forwards ? 1 : 0,
    ...(ipv6 && {
      'ipv6/conf/all/disable_ipv6': 0,
      'ipv6/conf/default/disable_ipv6': 0,
      // Nobody else can hold these addresses: without the check they are usable at once instead of after some seconds.
      'ipv6/conf/default/accept_dad': 0,
      'ipv6/conf/all/forwarding': forwards ? 1 : 0,
    }),
    ...(!ipv6 &&
      existsSync('/proc/sys/net/ipv6') && { 'ipv6/conf/all/disable_ipv6': 1, 'ipv6/conf/default/disable_ipv6': 1 }),
  };
  const script = Object.entries(settings).map(([name, value]) => `echo ${value} > /proc/sys/net/${name}`);
  run('ip', ['netns', 'exec', namespace, 'sh', '-e'], lines(script));
}

/**
 * @param {string} namespace
 * @param {readonly string[]} commands
 */
function configure(namespace, commands) {
  run('ip', ['-n', namespace, '-batch', '-'], lines(['link set lo up', ...commands]));
}

/**
 * @param {string} device
 * @param {string} ipv4
 * @param {string | false} ipv6
 */
function address(device, ipv4, ipv6) {
  return [
    `address add ${ipv4}/24 dev ${device}`,
    ...(ipv6 ? [`address add ${ipv6}/64 dev ${device} nodad`] : []),
    `link set ${device} up`,
  ];
}

/**
 * @param {string} destination
 * @param {string} ipv4
 * @param {string | false} ipv6
 */
function route(destination, ipv4, ipv6) {
  return [`route add ${destination} via ${ipv4}`, ...(ipv6 ? [`route add ${destination} via ${ipv6}`] : [])];
}

/** @param {readonly string[]} parts */
function lines(parts) {
  return parts.map((part) => `${part}\n`).join('');
}

/**
 * A process is the lab's own when it runs inside one of its namespaces, whatever its number was before: no recycled pid
 * can be taken for it.
 *
 * @param {readonly string[]} namespaces
 */
function endProcessesIn(namespaces) {
  const inodes = new Set(
    namespaces.map((name) => `net:[${statSync(join('/run/netns', name), { throwIfNoEntry: false })?.ino}]`),
  );
  const inside = () =>
    readdirSync('/proc')
      .filter((entry) => /^\d+$/.test(entry) && inodes.has(networkOf(entry)))
      .map(Number)
      .filter((pid) => pid !== process.pid);
  for (let rounds = 0; rounds < 100; rounds += 1) {
    const pids = inside();
    if (pids.length === 0) return;
    for (const pid of pids) endProcess(pid);
    Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 20);
  }
}

/** @param {string} pid */
function networkOf(pid) {
  try {
    return readlinkSync(`/proc/${pid}/ns/net`);
  } catch {
    return ''; // it has just ended, or is a zombie
  }
}

/** @param {number} pid */
function endProcess(pid) {
  try {
    process.kill(pid, 'SIGKILL');
  } catch {
    // It ended by itself in the meantime.
  }
}
