#!/usr/bin/env node
/** The process around the command line: its streams, its signals, its exit status. */
import { setMaxListeners } from 'node:events';
import { readFileSync } from 'node:fs';
import type { Host } from './cli/host.ts';
import { main } from './cli/main.ts';

const interrupted = new AbortController();
// Every request of a search listens to it; Node would take more than ten for a leak.
setMaxListeners(0, interrupted.signal);
// Once only: a second Ctrl-C ends the process at once, as it does by itself.
process.once('SIGINT', () => {
  interrupted.abort();
});

const host: Host = {
  get stdout() {
    return tolerant('stdout');
  },
  get stderr() {
    return tolerant('stderr');
  },
  signal: interrupted.signal,
  get version() {
    return versionOf(new URL('../package.json', import.meta.url));
  },
  // npm and pnpm tell their scripts which one they are.
  invocation:
    { start: 'npm start --', portwright: 'pnpm -s portwright' }[process.env['npm_lifecycle_event'] ?? ''] ??
    'portwright',
};

process.exitCode = await main(process.argv.slice(2), host);

/** The reader of a pipe may leave early (`| head -1`); what it does not want to read is no error. */
function tolerant(name: 'stdout' | 'stderr'): NodeJS.WriteStream {
  const stream = process[name];
  if (stream.listenerCount('error') === 0) {
    stream.on('error', (error: NodeJS.ErrnoException) => {
      if (error.code !== 'EPIPE') throw error;
    });
  }
  return stream;
}

function versionOf(manifest: URL): string {
  return (JSON.parse(readFileSync(manifest, 'utf8')) as { readonly version: string }).version;
}
