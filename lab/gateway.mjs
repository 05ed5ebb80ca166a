// @ts-check
import { once } from 'node:events';
import { closeSync, existsSync, openSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { FIREWALLS } from './firewall.mjs';
import { hostIn } from './host.mjs';
import { parseLeases, writeLeases } from './leases.mjs';
import { GATEWAY_UUID, LAN } from './plan.mjs';

/** @import { ChildProcess } from 'node:child_process' */
/** @import { Lease } from './leases.mjs' */
/** @import { LabPlan } from './plan.mjs' */

/** For the daemon to listen: before that it adds what its lease file has, and a thousand mappings take it a while. */
const PATIENCE_MS = 120_000;

/**
 * The gateway daemon of one lab.
 *
 * @typedef {object} Gateway
 * @property {(httpPort: number) => Promise<void>} start resolves when it listens on all its ports
 * @property {(signal?: 'SIGTERM' | 'SIGKILL') => Promise<void>} stop on SIGTERM, the default, it says byebye on SSDP;
 *   mappings stay in the kernel and in the lease file
 * @property {(leases: readonly Lease[]) => void} remember these mappings, and no others, from the next start on; only while
 *   it is stopped
 * @property {() => Lease[]} mappings
 * @property {() => string} log what the daemon has written since the lab came up
 */

/**
 * Where there is no syslog, as in a container, the daemon writes each of its messages to the system's console too. On a
 * serial line a message takes 40 ms, in which the processor is busy with it and whoever awaits an answer waits. The
 * namespaces of `ip netns exec` have mounts of their own.
 */
const APART_FROM_CONSOLE = 'if [ -e /dev/console ]; then mount --bind /dev/null /dev/console; fi; exec "$@"';

/**
 * @param {LabPlan} plan
 * @returns {Gateway}
 */
export function gatewayOf(plan) {
  const { gw } = plan.namespaces;
  const configFile = join(plan.directory, 'miniupnpd.conf');
  const leaseFile = leaseFileOf(plan);
  const logFile = join(plan.directory, 'miniupnpd.log');
  const pidFile = join(plan.directory, 'miniupnpd.pid');
  const log = () => (existsSync(logFile) ? readFileSync(logFile, 'utf8') : '');
  /** @type {ChildProcess | undefined} */
  let daemon;
  let bootId = 0;

  return {
    log,
    mappings: () => (existsSync(leaseFile) ? parseLeases(readFileSync(leaseFile, 'utf8')) : []),
    remember: (leases) => {
      writeFileSync(leaseFile, writeLeases(leases));
    },

    async start(httpPort) {
      // As after a reboot: a firewall with no mappings, to which the daemon adds those of its lease file.
      const firewall = FIREWALLS[plan.settings.firewall];
      firewall.reset(gw);
      writeFileSync(configFile, configurationOf(plan, httpPort));
      writeFileSync(leaseFile, '', { flag: 'a' }); // it must exist; the daemon removes it once it has read it
      const output = openSync(logFile, 'a');
      // BOOTID is the time in whole seconds, and has to tell this start from the last one.
      while (bootId === Math.floor(Date.now() / 1000)) await sleep(50);
      bootId = Math.floor(Date.now() / 1000);
      // -P, because by default a second daemon on this machine finds the pid file of the first one, and gives up.
      const args = ['-d', '-f', configFile, '-P', pidFile, ...(plan.settings.igd1 ? ['-1'] : [])];
      daemon = hostIn(gw).spawn('sh', ['-c', APART_FROM_CONSOLE, 'sh', firewall.daemon, ...args], {
        stdio: ['ignore', output, output],
      });
      closeSync(output);
      daemon.unref(); // it ends when the lab is taken down, and should keep nobody waiting until then
      const { upnp, natpmp } = plan.settings;
      const udp = [...(upnp ? [1900] : []), ...(natpmp ? [5351] : [])];
      await listening(daemon, { tcp: upnp ? [httpPort] : [], udp }, log);
    },

    async stop(signal = 'SIGTERM') {
      if (daemon === undefined || hasEnded(daemon)) return;
      daemon.ref();
      const ended = once(daemon, 'exit');
      daemon.kill(signal);
      await ended;
    },
  };
}

/** The gateway's own list of its mappings, on disk. @param {LabPlan} plan */
export function leaseFileOf(plan) {
  return join(plan.directory, 'leases');
}

/**
 * @param {LabPlan} plan
 * @param {number} httpPort
 */
function configurationOf(plan, httpPort) {
  const yesNo = (/** @type {boolean} */ on) => (on ? 'yes' : 'no');
  const { ipv6, upnp, natpmp, secureMode } = plan.settings;
  return `ext_ifname=wan0
${ipv6 ? 'ext_ifname6=wan0' : 'ipv6_disable=yes'}
# The interface's name, not its address: IPv6 needs it.
listening_ip=lan0
http_port=${httpPort}
enable_upnp=${yesNo(upnp)}
enable_natpmp=${yesNo(natpmp)}
secure_mode=${yesNo(secureMode)}
lease_file=${leaseFileOf(plan)}
uuid=${GATEWAY_UUID}
allow 1024-65535 ${LAN.subnet} 1-65535
deny 0-65535 0.0.0.0/0 0-65535
`;
}

/**
 * Waits until a process's network has sockets on all these ports. The kernel's tables tell it without sending anything
 * that the daemon would answer or log.
 *
 * @param {ChildProcess} daemon
 * @param {Readonly<Record<'tcp' | 'udp', readonly number[]>>} ports
 * @param {() => string} log
 */
async function listening(daemon, ports, log) {
  const deadline = performance.now() + PATIENCE_MS;
  while (!(isOpen(daemon.pid, 'tcp', ports.tcp) && isOpen(daemon.pid, 'udp', ports.udp))) {
    if (hasEnded(daemon)) throw new Error(`miniupnpd ended at once:\n${log().slice(-2000)}`);
    if (performance.now() > deadline)
      throw new Error(`miniupnpd does not listen after ${PATIENCE_MS} ms:\n${log().slice(-2000)}`);
    await sleep(10);
  }
}

/** @param {ChildProcess} process */
function hasEnded({ pid, exitCode, signalCode }) {
  return pid === undefined || exitCode !== null || signalCode !== null;
}

/**
 * @param {number | undefined} pid
 * @param {'tcp' | 'udp'} protocol
 * @param {readonly number[]} ports
 */
function isOpen(pid, protocol, ports) {
  const tables = [protocol, `${protocol}6`]
    .map((name) => `/proc/${pid}/net/${name}`)
    .filter((path) => existsSync(path));
  // A line starts with its number, local address:port and remote address:port; a socket that waits has 0 as remote port.
  const waiting = tables.flatMap((path) =>
    readFileSync(path, 'utf8').match(/(?<=^ *\d+: [0-9A-F]+:)[0-9A-F]{4}(?= [0-9A-F]+:0000)/gm),
  );
  return ports.every((port) => waiting.includes(port.toString(16).toUpperCase().padStart(4, '0')));
}
