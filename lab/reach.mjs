// @ts-check
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { parseJson } from './json.mjs';

/** @import { Host } from './host.mjs' */

const PROBE = fileURLToPath(new URL('probe.mjs', import.meta.url));

/**
 * What a sender saw: whether its text came back, and else why it thinks that it did not.
 *
 * @typedef {object} Reached
 * @property {boolean} reached
 * @property {string} [reply]
 * @property {string} [reason]
 * @property {number} [milliseconds] from the first packet to the end of the answer
 */

/** Who sent a text to an echo server. @typedef {{ address: string, port: number, text: string }} Received */

/**
 * A server that gives back what it gets, and keeps what it got, oldest first.
 *
 * @typedef {{ readonly received: readonly Received[], close: () => void } & AsyncDisposable} Echo
 */

/**
 * Starts an echo server on all addresses of a host, and resolves when it listens. It ends by itself after 60 seconds.
 *
 * @param {Host} host
 * @param {'tcp' | 'udp'} protocol
 * @param {number} port
 * @returns {Promise<Echo>}
 */
export async function serveEcho(host, protocol, port) {
  const server = host.spawn(process.execPath, [PROBE, 'serve', protocol, `${port}`], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const output = createInterface(/** @type {import('node:stream').Readable} */ (server.stdout));
  /** @type {Received[]} */
  const received = [];
  await new Promise((resolve, reject) => {
    output.on('line', (line) => {
      const { event, reason, ...sender } = /** @type {Received & { event?: string, reason?: string }} */ (
        parseJson(line)
      );
      if (event === 'listening') resolve(undefined);
      else if (event === 'received') received.push(sender);
      else reject(new Error(`No echo server on ${protocol} port ${port}: ${reason}`));
    });
    server.on('error', reject).on('exit', () => {
      reject(new Error(`The echo server on ${protocol} port ${port} ended.`));
    });
  });
  const close = () => {
    server.kill('SIGKILL');
  };
  return {
    received,
    close,
    [Symbol.asyncDispose]: () => {
      close();
      return Promise.resolve();
    },
  };
}

/**
 * Sends a text from a host and waits for it to come back.
 *
 * @param {Host} host
 * @param {'tcp' | 'udp'} protocol
 * @param {string} address
 * @param {number} port
 * @param {string} [text]
 * @param {number} [seconds] to wait for the answer: few where none is expected
 * @returns {Promise<Reached>}
 */
export async function reach(host, protocol, address, port, text = 'hello', seconds = 30) {
  const args = [PROBE, 'send', protocol, address, `${port}`, text, `${seconds}`];
  const { stdout, stderr } = await host.exec(process.execPath, args, { timeoutMs: (seconds + 120) * 1000 });
  if (stdout === '') throw new Error(`The probe said nothing: ${stderr}`);
  return /** @type {Reached} */ (parseJson(stdout));
}
