#!/usr/bin/env node
/**
 * The process around the command line: its streams, its signals, its exit status. It parses the arguments and starts the
 * search. The rest of the program is loaded while the gateway prepares its answer (cli/network/early-search.ts).
 */
import { setMaxListeners } from 'node:events';
import { homedir } from 'node:os';
import { isAbsolute, join } from 'node:path';
import { nodeDatagram, nodeInterfaces } from '@portwright/transport-node';
import { parseArguments } from './cli/arguments/parse-arguments.ts';
import type { Host } from './cli/host.ts';
import { startEarlySearch, type EarlySearch } from './cli/network/early-search.ts';

/** The package's version: the bundler puts it here, so that a single executable knows it. */
declare const PORTWRIGHT_VERSION: string;

const argv = process.argv.slice(2);
// npm and pnpm set this variable for their scripts.
const invocation =
  { start: 'npm start --', portwright: 'pnpm -s portwright' }[process.env['npm_lifecycle_event'] ?? ''] ?? 'portwright';
const parsed = parseArguments(argv, { invocation });
const searching =
  parsed.kind === 'request'
    ? startEarlySearch(parsed.request, { datagram: nodeDatagram(), interfaces: nodeInterfaces() })
    : Promise.resolve(undefined);

const interrupted = new AbortController();
// Every request of a search listens to it. Node warns of a leak at more than ten.
setMaxListeners(0, interrupted.signal);
/** The exit status of a process that a signal ended: 128 and the signal's number. */
const statuses = { SIGINT: 130, SIGTERM: 143, SIGHUP: 129 } as const;
let interruption: keyof typeof statuses = 'SIGINT';
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) {
  // Only once: a second Ctrl-C ends the process at once, which is Node's default.
  process.once(signal, () => {
    interruption = signal;
    interrupted.abort();
  });
}

/** Aborted when stdout can no longer be written. */
const unread = new AbortController();
let isWritten = true;

let earlySearch: EarlySearch | undefined;
const host: Host = {
  get stdout() {
    return listened(process.stdout, unreadable);
  },
  get stderr() {
    // An error of stderr cannot be reported anywhere.
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
  invocation,
  get earlySearch() {
    return earlySearch;
  },
};

// Node exits when nothing is pending, also in the middle of a command.
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
  const isVersion = argv.length === 1 && parsed.kind === 'version';
  const status = isVersion ? printVersion() : await runMain();
  process.exitCode = status === statuses.SIGINT ? statuses[interruption] : status;
  // The last write may fail only now.
  process.once('exit', () => {
    if (!isWritten) process.exitCode = 1;
  });
}

/** Needs no chunk: a single executable has this file alone. */
function printVersion(): number {
  host.stdout.write(`${PORTWRIGHT_VERSION}\n`);
  return 0;
}

async function runMain(): Promise<number> {
  earlySearch = await searching;
  const { main } = await import('./cli/main.ts');
  const status = await main(argv, host, parsed);
  await earlySearch?.close();
  return status;
}

/**
 * The reader of a pipe may leave early (`| head -1`), which is no error. EIO: the terminal is gone, and the command goes on
 * to its end. Any other error ends the run as Ctrl-C does, so that mappings are deleted.
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
