#!/usr/bin/env node
/**
 * The process around the command line: its streams, its signals, its exit status. It loads little, understands what is
 * asked for, and begins the search; what carries the command out is loaded while the gateway thinks about its answer.
 */
import { setMaxListeners } from 'node:events';
import { homedir } from 'node:os';
import { isAbsolute, join } from 'node:path';
import { nodeDatagram, nodeInterfaces } from '@portwright/transport-node';
import { headStart, type HeadStart } from './cli/network/early-search.ts';
import type { Host } from './cli/host.ts';
import { plainRequest } from './cli/arguments/plain-arguments.ts';

/** The package's version: the bundler puts it here, so that a single executable knows it. */
declare const PORTWRIGHT_VERSION: string;

const argv = process.argv.slice(2);
const request = plainRequest(argv);
const searching =
  request === undefined
    ? Promise.resolve(undefined)
    : headStart(request, { datagram: nodeDatagram(), interfaces: nodeInterfaces() });

const interrupted = new AbortController();
// Every request of a search listens to it; Node would take more than ten for a leak.
setMaxListeners(0, interrupted.signal);
/** What a process that was ended by a signal exits with: 128 and the signal's number. */
const statuses = { SIGINT: 130, SIGTERM: 143, SIGHUP: 129 } as const;
let interruption: keyof typeof statuses = 'SIGINT';
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) {
  // Once only: a second Ctrl-C ends the process at once, as it does by itself.
  process.once(signal, () => {
    interruption = signal;
    interrupted.abort();
  });
}

/** Nobody reads what is printed any more. */
const unread = new AbortController();
let isWritten = true;

let search: HeadStart | undefined;
const host: Host = {
  get stdout() {
    return listened(process.stdout, unreadable);
  },
  get stderr() {
    // What is to be told, and where it can't be, there is nobody to be told that.
    return listened(process.stderr, () => undefined);
  },
  signal: interrupted.signal,
  unread: unread.signal,
  version: PORTWRIGHT_VERSION,
  get stateFolder() {
    const { XDG_STATE_HOME: folder } = process.env;
    // "All paths set in these environment variables must be absolute" (XDG Base Directory Specification).
    return join(folder !== undefined && isAbsolute(folder) ? folder : join(homedir(), '.local', 'state'), 'portwright');
  },
  // npm and pnpm tell their scripts which one they are.
  invocation:
    { start: 'npm start --', portwright: 'pnpm -s portwright' }[process.env['npm_lifecycle_event'] ?? ''] ??
    'portwright',
  get headStart() {
    return search;
  },
};

// Node ends when there is nothing left to wait for, whether that was all or not.
process.exitCode = 1;
const unfinished = (): void => {
  host.stderr.write('portwright: internal error: exited before the command finished. Please report this.\n');
};
process.once('exit', unfinished);
run()
  .catch((error: unknown) => {
    const details = error instanceof Error ? (error.stack ?? error.message) : String(error);
    host.stderr.write(
      `portwright: internal error: ${details}\nInstall Portwright again. If that does not help, please report this.\n`,
    );
  })
  .finally(() => process.off('exit', unfinished));

async function run(): Promise<void> {
  const isVersion = argv.length === 1 && ['--version', '-V'].includes(String(argv[0]));
  const status = isVersion ? printVersion() : await carryOut();
  process.exitCode = status === statuses.SIGINT ? statuses[interruption] : status;
  // What was printed last may fail only now.
  process.once('exit', () => {
    if (!isWritten) process.exitCode = 1;
  });
}

/** Needs no other file of the command line: a single executable has this one alone. */
function printVersion(): number {
  host.stdout.write(`${PORTWRIGHT_VERSION}\n`);
  return 0;
}

async function carryOut(): Promise<number> {
  search = await searching;
  const { main } = await import('./cli/main.ts');
  const status = await main(argv, host, request);
  await search?.close();
  return status;
}

/**
 * The reader of a pipe may leave early (`| head -1`): what it does not want to read is no error. EIO: the terminal is gone,
 * and what is to be undone is undone all the same. Anything else ends the run as Ctrl-C does: what was made is given back.
 */
function unreadable({ code, message }: NodeJS.ErrnoException): void {
  unread.abort();
  if (code === 'EPIPE' || code === 'EIO' || !isWritten) return;
  isWritten = false;
  // "ENOSPC: no space left on device, write".
  const reason = /^[A-Z\d]+: (.+), \w+$/.exec(message)?.[1] ?? message;
  host.stderr.write(`portwright: cannot write to standard output: ${reason}\n`);
  interrupted.abort();
}

function listened(stream: NodeJS.WriteStream, onError: (error: NodeJS.ErrnoException) => void): NodeJS.WriteStream {
  if (stream.listenerCount('error') === 0) stream.on('error', onError);
  return stream;
}
