import { spawnSync } from 'node:child_process';
import type { HttpPort, RandomPort, TransportError } from '@portwright/core';
import { MemoryNetwork } from '@portwright/transport-mock';
import { build } from 'esbuild';
import { errAsync, ResultAsync } from '@portwright/core/result';
import { expect, test } from 'vitest';
import { bindCases, type CaseResult, checkTransport, type TransportSubject } from './check-transport.ts';
import { describeTransport } from './describe-transport.ts';
import { memoryPeer } from './memory-peer.test-support.ts';

const random: RandomPort = { fraction: () => 0.5 };

function subjectOf(ports: TransportSubject['ports'], more: Partial<TransportSubject> = {}): TransportSubject {
  const network = new MemoryNetwork();
  return { ports, peer: memoryPeer(network), clock: network.clock, ...more };
}

function verdicts(results: readonly CaseResult[]): Readonly<Record<string, string>> {
  return Object.fromEntries(results.map(({ id, verdict }) => [id, verdict]));
}

test('only the ports that there are get checked, and what went wrong is data', async () => {
  const results = await checkTransport(subjectOf({ random }));
  expect(results).toEqual([
    { id: 'random/range', verdict: 'passed' },
    {
      id: 'random/uniform',
      verdict: 'failed',
      expected: 'about 400 in each tenth',
      actual: '0, 0, 0, 0, 0, 4000, 0, 0, 0, 0',
    },
  ]);
});

test('what a subject can not do is skipped, with its reason', async () => {
  const subject = subjectOf({ random }, { cannot: { 'random/uniform': 'it is for tests' } });
  expect(await checkTransport(subject)).toEqual([
    { id: 'random/range', verdict: 'passed' },
    { id: 'random/uniform', verdict: 'skipped', reason: 'it is for tests' },
  ]);
});

test('an excuse for what no case is about fails', async () => {
  const subject = subjectOf({ random }, { cannot: { 'random/unifrom': 'it is for tests' } });
  expect(verdicts(await checkTransport(subject))).toMatchObject({ 'random/unifrom': 'failed' });
});

test('what the peer lacks is skipped, with its reason', () => {
  const skipped = bindCases('http', subjectOf(new MemoryNetwork().transport())).find(({ id }) => id === 'http/chunked');
  expect(skipped?.skipped).toBe('the simulated network carries messages, and no bytes');
});

test('a port that throws, or rejects, or never ends, fails and stops nothing', async () => {
  const throwing: HttpPort = {
    request: () => {
      throw new TypeError('fetch failed');
    },
  };
  const rejecting: HttpPort = { request: () => new ResultAsync(Promise.reject(new Error('oh'))) };
  const hanging: HttpPort = { request: () => new ResultAsync(new Promise(() => undefined)) };
  const first = async (http: HttpPort): Promise<CaseResult | undefined> =>
    bindCases('http', subjectOf({ http }))[0]?.run();
  expect(await first(throwing)).toMatchObject({ verdict: 'failed', actual: 'TypeError: fetch failed' });
  expect(await first(rejecting)).toMatchObject({ verdict: 'failed', actual: 'Error: oh' });
  expect(await first(hanging)).toMatchObject({ verdict: 'failed', expected: 'an end within 4500 ms' });
});

test('a peer that can not serve makes a case inconclusive', async () => {
  const { peer, clock } = subjectOf({});
  const serve = () =>
    errAsync<never, TransportError>({ kind: 'transport', code: 'failed', message: 'no server today' });
  const ports = new MemoryNetwork().transport();
  const results = bindCases('http', { ports, peer: { ...peer, http: { ...peer.http, serve } }, clock });
  expect(await results[0]?.run()).toMatchObject({ verdict: 'inconclusive', actual: 'no server today' });
});

test('each case is a test with its sentence, or a skipped one with the reason', () => {
  const names: string[] = [];
  const skipped: string[] = [];
  const collect = Object.assign((name: string) => names.push(name), { skip: (name: string) => skipped.push(name) });
  const describe = (name: string, body: () => void): void => {
    names.push(name);
    body();
  };
  const cannot = { 'random/uniform': 'it is for tests' };
  describeTransport({ describe, test: collect }, 'a part', subjectOf({ random }, { cannot }));
  expect(names).toEqual([
    'the contract of a part',
    'every excuse is for a case',
    'http',
    'datagram',
    'interfaces',
    'clock',
    'random',
    'random/range: All numbers are at least 0 and below 1.',
    'events',
  ]);
  expect(skipped).toContain(
    'random/uniform: Each tenth of the range gets about 400 of 4,000 numbers, within a third. (skipped: it is for tests)',
  );
  expect(skipped).toContain('http: this transport has no such port');
});

test('node:test can run it, too', async () => {
  const program = `
    import { describe, test } from 'node:test';
    import { describeTransport } from './describe-transport.ts';
    import { nodePeer } from './node-peer.ts';
    import { nodeClock } from '@portwright/transport-node';
    const ports = { random: { fraction: () => 0.5 } };
    describeTransport({ describe, test }, 'a part', { ports, peer: nodePeer(), clock: nodeClock() });`;
  const { outputFiles } = await build({
    stdin: { contents: program, resolveDir: import.meta.dirname, loader: 'ts' },
    bundle: true,
    write: false,
    format: 'esm',
    platform: 'node',
  });
  const input = outputFiles[0]?.text ?? '';
  const { stdout } = spawnSync(process.execPath, ['--input-type=module'], { input, encoding: 'utf8' });
  expect(stdout).toMatch(/# pass 2\n# fail 1\n.*\n# skipped 5\n/);
  expect(stdout).toContain('expected: about 400 in each tenth');
});
