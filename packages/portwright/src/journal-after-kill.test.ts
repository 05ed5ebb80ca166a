/** What `map --keep --journal` leaves when it is killed, and what the next start makes of it: the built command line on sockets. */
import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { ClockPort } from '@portwright/core';
import { simulateGateway, type SimulatedGateway } from '@portwright/transport-mock';
import { serveOnSockets, systemClock } from '@portwright/transport-mock/sockets';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';

const bin = fileURLToPath(new URL('../dist/bin.cjs', import.meta.url));

let home: string;
let router: SimulatedGateway<ClockPort>;
let undo: (() => unknown)[] = [];
beforeEach(async () => {
  home = await mkdtemp(join(tmpdir(), 'portwright-'));
  router = simulateGateway<ClockPort>({
    clock: systemClock(),
    lanAddress: '127.0.0.1',
    lanAddress6: null,
    httpPort: 0,
  });
  const mount = (await serveOnSockets(router, { ssdp: false }))._unsafeUnwrap();
  undo = [() => mount.close(), () => rm(home, { recursive: true })];
});
afterEach(async () => {
  for (const one of undo) await one();
});

interface Keeping {
  readonly printed: () => string;
  readonly end: (signal: NodeJS.Signals) => Promise<void>;
}

/** Runs until it has said that the port is kept. */
async function keeping(port: number, ...options: readonly string[]): Promise<Keeping> {
  const argv = ['map', String(port), '--keep', '--gateway', router.descriptionUrl, ...options];
  const child: ChildProcess = spawn(process.execPath, [bin, ...argv], {
    env: { PATH: process.env['PATH'], XDG_STATE_HOME: home },
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  undo.unshift(() => child.kill('SIGKILL'));
  let printed = '';
  await new Promise<void>((resolve, reject) => {
    child.on('close', () => {
      reject(new Error(`it ended: ${printed}`));
    });
    child.stdout?.on('data', (piece) => {
      printed += String(piece);
      if (/Press Ctrl-C|"event":"mapped"/.test(printed)) resolve();
    });
  });
  return {
    printed: () => printed,
    end: async (signal) => {
      const closed = once(child, 'close');
      child.kill(signal);
      await closed;
    },
  };
}

function mappedPorts(): readonly number[] {
  return router.mappings().map(({ externalPort }) => externalPort);
}

const journals = (): Promise<readonly string[]> => readdir(join(home, 'portwright', 'journal'));

describe.skipIf(process.platform === 'win32')('map --keep --journal', () => {
  it('unmaps what was left when it was killed, and says so', async () => {
    const killed = await keeping(7777, '--journal');
    await killed.end('SIGKILL');
    expect(mappedPorts()).toEqual([7777]);
    const next = await keeping(8888, '--journal');
    expect(next.printed()).toMatch(
      /^Unmapped TCP port 7777 -> 127\.0\.0\.1:7777, which an earlier run had left mapped\nTCP port 8888 .* is mapped/,
    );
    expect(mappedPorts()).toEqual([8888]);
    await next.end('SIGINT');
    expect(mappedPorts()).toEqual([]);
    expect(await journals()).toEqual([]);
  });

  it('leaves what another one keeps that runs at the same time', async () => {
    const first = await keeping(7777, '--journal');
    const second = await keeping(8888, '--journal', '--json');
    expect(JSON.parse(second.printed())).toMatchObject({
      event: 'mapped',
      cleanedUp: { deleted: [], left: [], failed: [] },
    });
    expect(mappedPorts()).toEqual([7777, 8888]);
    // One of them may be being written, beside the one that is there.
    expect((await journals()).filter((name) => name.endsWith('.json'))).toHaveLength(2);
    await Promise.all([first.end('SIGKILL'), second.end('SIGKILL')]);
    const third = await keeping(9999, '--journal', '--json');
    const { cleanedUp } = JSON.parse(third.printed()) as {
      readonly cleanedUp: { readonly deleted: readonly object[] };
    };
    expect(cleanedUp.deleted).toHaveLength(2);
    expect(mappedPorts()).toEqual([9999]);
    await third.end('SIGTERM');
    expect(await journals()).toEqual([]);
  });

  it('of several that start at once, one cleans up each journal', async () => {
    const ports = [7001, 7002, 7003, 7004];
    const killed = await Promise.all(ports.map((port) => keeping(port, '--journal')));
    await Promise.all(killed.map(({ end }) => end('SIGKILL')));
    // One may have been killed while it wrote beside its journal.
    expect((await journals()).filter((name) => name.endsWith('.json'))).toHaveLength(4);
    const all = await Promise.all([8001, 8002, 8003].map((port) => keeping(port, '--journal')));
    const unmapped = all.flatMap(({ printed }) =>
      [...printed().matchAll(/^Unmapped TCP port (\d+)/gm)].map(([, port]) => Number(port)),
    );
    expect(unmapped.toSorted((one, other) => one - other)).toEqual(ports);
    expect(mappedPorts().toSorted((one, other) => one - other)).toEqual([8001, 8002, 8003]);
    await Promise.all(all.map(({ end }) => end('SIGINT')));
    expect(await journals()).toEqual([]);
  });

  it('writes nothing unless it is asked to', async () => {
    const first = await keeping(7777);
    await first.end('SIGINT');
    expect(await readdir(home)).toEqual([]);
  });
});
