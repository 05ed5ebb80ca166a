/** Standard output that can't be written, or that nobody reads any more: the built command line on sockets. */
import { spawn, type ChildProcess } from 'node:child_process';
import { closeSync, existsSync, openSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import type { ClockPort } from '@portwright/core';
import { simulateGateway, summarizeExchange, type SimulatedGateway } from '@portwright/transport-mock';
import { serveOnSockets, systemClock, type SocketMount } from '@portwright/transport-mock/sockets';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';

const bin = fileURLToPath(new URL('../dist/bin.cjs', import.meta.url));
/** Says that it has no space left, whatever is written to it; Linux has it. */
const FULL = '/dev/full';

let router: SimulatedGateway<ClockPort>;
const watchers = new Set<() => void>();
let mount: SocketMount;
beforeEach(async () => {
  router = simulateGateway<ClockPort>({
    clock: systemClock(),
    lanAddress: '127.0.0.1',
    lanAddress6: null,
    httpPort: 0,
    onExchange: () => {
      for (const look of watchers) look();
    },
  });
  mount = (await serveOnSockets(router, { ssdp: false }))._unsafeUnwrap();
});
afterEach(() => mount.close());

function start(argv: readonly string[], stdout: 'pipe' | number): ChildProcess {
  return spawn(process.execPath, [bin, ...argv], {
    env: { PATH: process.env['PATH'] },
    stdio: ['ignore', stdout, 'pipe'],
  });
}

/** Waits until the router was asked, or has told, so many times what begins like this, and there was an answer. */
function exchanged(start: string, times: number): Promise<void> {
  return new Promise((resolve) => {
    const look = (): void => {
      const all = router.exchanges().map(summarizeExchange);
      if (all.filter(({ request, isOk }) => isOk && request.startsWith(start)).length < times) return;
      watchers.delete(look);
      resolve();
    };
    watchers.add(look);
    look();
  });
}

function ended(child: ChildProcess): Promise<{ readonly status: number | null; readonly stderr: string }> {
  let stderr = '';
  child.stderr?.on('data', (piece) => (stderr += String(piece)));
  return new Promise((resolve) => {
    child.on('close', (status) => {
      resolve({ status, stderr });
    });
  });
}

describe.runIf(existsSync(FULL))('on a full disk', () => {
  it.each([
    ['list --simulate'],
    ['list --simulate --json'],
    ['map 7777 --keep --gateway URL'],
    ['map 7777 --keep --gateway URL --json'],
    ['watch --gateway URL'],
    ['--help'],
  ])('%s says so once, and leaves no port open', async (argv) => {
    const full = openSync(FULL, 'w');
    const child = start(argv.replace('URL', router.descriptionUrl).split(' '), full);
    closeSync(full);
    expect(await ended(child)).toEqual({
      status: 1,
      stderr: 'portwright: cannot write to standard output: no space left on device\n',
    });
    const asked = router.exchanges().map((one) => summarizeExchange(one).request);
    expect(asked.some((one) => one.startsWith('AddPortMapping'))).toBe(argv.startsWith('map'));
    expect(router.mappings()).toEqual([]);
  });
});

describe.skipIf(process.platform === 'win32')('where the reader of a pipe has left', () => {
  /** Up to the first line that it prints. */
  async function unread(argv: readonly string[]): Promise<ChildProcess> {
    const child = start([...argv, '--gateway', router.descriptionUrl], 'pipe');
    await new Promise((resolve) => child.stdout?.once('data', resolve));
    child.stdout?.destroy();
    return child;
  }

  it('watch ends with what it can’t tell', async () => {
    const child = await unread(['watch']);
    const end = ended(child);
    router.changeExternalAddress('5.5.5.9');
    expect(await end).toEqual({ status: 0, stderr: '' });
  });

  it('map --keep goes on, until it is interrupted', async () => {
    const child = await unread(['map', '7777', '--keep']);
    const end = ended(child);
    // It has subscribed; then it can't print the first event, and takes the second one all the same.
    await exchanged('SUBSCRIBE', 1);
    for (const [times, address] of ['5.5.5.8', '5.5.5.9'].entries()) {
      router.changeExternalAddress(address);
      await exchanged('NOTIFY', times + 2);
    }
    expect(child.exitCode).toBeNull();
    expect(router.mappings()).toHaveLength(1);
    child.kill('SIGINT');
    expect(await end).toEqual({ status: 0, stderr: '' });
    expect(router.mappings()).toEqual([]);
  });
});
