// @ts-check
import { once } from 'node:events';
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';

/** @import { Lab } from '../lab.mjs' */
/** @import { Extra } from '../availability.mjs' */

/**
 * A client of UPnP or NAT-PMP, of another project. Its program maps a UDP port, prints "mapped", waits for a line, and unmaps.
 *
 * @typedef {object} Client
 * @property {string} name
 * @property {Extra} needs
 * @property {string} command
 * @property {readonly string[]} args before the address and the port
 */

const PROGRAMS = join(import.meta.dirname, 'programs');
const NPM_PROGRAM = join(import.meta.dirname, '../../bench/lab/programs/map-and-unmap.mjs');
const PYTHON = '/usr/bin/python3'; // Debian's, which has Debian's modules

/** @type {readonly Client[]} */
export const CLIENTS = [
  { name: 'upnpc', needs: 'upnpc', command: 'sh', args: [join(PROGRAMS, 'upnpc.sh')] },
  { name: 'natpmpc', needs: 'natpmpc', command: 'sh', args: [join(PROGRAMS, 'natpmpc.sh')] },
  python('python3-miniupnpc', "python3's miniupnpc", 'python-miniupnpc.py'),
  python('gupnp-igd', "python3's gupnp-igd", 'gupnp-igd.py'),
  python('libtorrent', "python3's libtorrent", 'libtorrent-session.py'),
  { name: 'transmission', needs: 'transmission-daemon', command: 'sh', args: [join(PROGRAMS, 'transmission.sh')] },
  {
    name: 'Godot 3',
    needs: 'godot3-server',
    command: 'godot3-server',
    args: ['--no-window', '-s', join(PROGRAMS, 'godot.gd')],
  },
  npm('@achingbrain/nat-port-mapper'),
  npm('@runonflux/nat-upnp'),
  npm('@silentbot1/nat-api'),
];

/**
 * @param {string} name
 * @param {Extra} needs
 * @param {string} program
 * @returns {Client}
 */
function python(name, needs, program) {
  return { name, needs, command: PYTHON, args: [join(PROGRAMS, program)] };
}

/**
 * @param {string} name
 * @returns {Client}
 */
function npm(name) {
  return { name, needs: 'npm clients', command: process.execPath, args: [NPM_PROGRAM, name] };
}

/**
 * A client that has been started.
 *
 * @typedef {object} RunningClient
 * @property {() => Promise<boolean>} mapped whether it said so; false: it ended without
 * @property {() => Promise<void>} unmap to its end
 * @property {() => string} printed
 */

/**
 * Starts a client on the LAN, in a home of its own.
 *
 * @param {Lab} lab
 * @param {Client} client
 * @param {number} port
 * @returns {RunningClient}
 */
export function startClient(lab, { name, command, args }, port) {
  const home = join(lab.plan.directory, name.replaceAll(/\W+/g, '-'));
  mkdirSync(home);
  const child = lab.lan.spawn(command, [...args, lab.lanAddress, String(port)], {
    cwd: home,
    env: { ...process.env, HOME: home, PORT: String(port) },
  });
  const { stdin, stdout, stderr } = /** @type {import('node:child_process').ChildProcessWithoutNullStreams} */ (child);
  const closed = once(child, 'close');
  stdin.on('error', () => {}); // it may have ended
  let printed = '';
  /** @type {Promise<boolean>} */
  const said = new Promise((resolve) => {
    for (const stream of [stdout, stderr])
      stream.on('data', (piece) => {
        printed += String(piece);
        if (/^mapped$/m.test(printed)) resolve(true);
      });
    void closed.then(() => {
      resolve(false);
    });
  });
  return {
    mapped: () => said,
    unmap: async () => {
      stdin.end('\n');
      await closed;
    },
    printed: () => printed,
  };
}
