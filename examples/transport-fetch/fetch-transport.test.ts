import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { bindCases, describeTransport, type TransportSubject } from '@portwright/conformance/transport';
import { nodePeer } from '@portwright/conformance/transport/node-peer';
import { build } from 'esbuild';
import { describe, expect, test } from 'vitest';
import { OF_FETCH, OF_UNDICI } from './excuses.ts';
import { fetchTransport, platformClock } from './fetch-transport.ts';

const self = { name: 'lo', family: 'ipv4', address: '127.0.0.1', prefixLength: 8, internal: true } as const;
const { http, interfaces, clock, random } = fetchTransport([self]);

const subject: TransportSubject = {
  ports: { http, interfaces, clock, random },
  peer: nodePeer(),
  clock: platformClock(),
};

describeTransport({ describe, test }, 'fetch', { ...subject, cannot: { ...OF_FETCH, ...OF_UNDICI } });

describe('no excuse is out of date', () => {
  test.each(bindCases('http', subject).filter(({ id, skipped }) => id in OF_FETCH && skipped === null))(
    '$id',
    async ({ run }) => {
      expect((await run()).verdict).toBe('failed');
    },
  );
});

test('the program maps a port', async () => {
  const { outputFiles } = await build({
    entryPoints: [fileURLToPath(new URL('map-port.ts', import.meta.url))],
    bundle: true,
    write: false,
    format: 'esm',
    platform: 'node',
  });
  const input = outputFiles[0]?.text ?? '';
  const { stdout, stderr, status } = spawnSync(process.execPath, ['--input-type=module'], { input, encoding: 'utf8' });
  expect({ status, stderr, lines: stdout.split('\n') }).toEqual({
    status: 0,
    stderr: '',
    lines: ['external address: 5.5.5.1', 'mapped: UDP 7777 -> 127.0.0.1:7777 for 3600 s', ''],
  });
});
