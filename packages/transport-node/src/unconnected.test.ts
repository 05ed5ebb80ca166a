import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import { unconnectedInterfaces, type SystemFiles } from './unconnected.ts';

const folders: string[] = [];
afterEach(() => {
  for (const folder of folders.splice(0)) rmSync(folder, { recursive: true });
});

type Files = Readonly<Record<string, Readonly<Record<string, string>>>>;

const LO = { flags: '0x9', carrier: '1', operstate: 'unknown' };
const RUNNING = { flags: '0x1003', carrier: '1', operstate: 'up' };

/** The system's files; `tabled` where the table names other interfaces than the folder. */
function system(interfaces: Files, tabled: readonly string[] = Object.keys(interfaces)): SystemFiles {
  const root = mkdtempSync(join(tmpdir(), 'portwright-'));
  folders.push(root);
  for (const [name, files] of Object.entries(interfaces)) {
    mkdirSync(join(root, 'net', name), { recursive: true });
    for (const [file, text] of Object.entries(files)) writeFileSync(join(root, 'net', name, file), `${text}\n`);
  }
  writeFileSync(join(root, 'net', 'bonding_masters'), '\n');
  const head = 'Inter-|   Receive  |  Transmit\n face |bytes packets|bytes packets\n';
  writeFileSync(
    join(root, 'dev'),
    head + tabled.map((name) => `${name.padStart(6)}:       0    0   0    0\n`).join(''),
  );
  return { folder: join(root, 'net'), table: join(root, 'dev') };
}

describe('unconnectedInterfaces', () => {
  it.each([
    ['is switched off', { flags: '0x1002', operstate: 'down' }, 'down'],
    ['has no cable', { flags: '0x1003', carrier: '0', operstate: 'down' }, 'no-carrier'],
    ['has not joined a Wi-Fi network', { flags: '0x1003', carrier: '1', operstate: 'dormant' }, 'no-carrier'],
    ['has no address', RUNNING, 'no-address'],
  ])('tells one that %s', (_name, files, reason) => {
    const found = unconnectedInterfaces(new Set(['lo']), system({ lo: LO, eth0: files }));
    expect(found).toEqual([{ name: 'eth0', reason }]);
  });

  it('leaves out those with an address, and loopback without one', () => {
    expect(unconnectedInterfaces(new Set(['eth0']), system({ lo: LO, eth0: RUNNING }))).toEqual([]);
  });

  it.each([
    ['a bridge', 'bridge'],
    ["a VPN's tunnel", 'tun_flags'],
  ])('leaves out %s', (_name, file) => {
    const virtual = { flags: '0x1003', carrier: '0', [file]: '' };
    expect(unconnectedInterfaces(new Set(), system({ lo: LO, docker0: virtual }))).toEqual([]);
  });

  it('leaves out what is virtual where there is hardware', () => {
    const down = { flags: '0x1002', operstate: 'down' };
    const files = system({ lo: LO, dummy0: down, eth0: { ...down, device: '' } });
    expect(unconnectedInterfaces(new Set(), files)).toEqual([{ name: 'eth0', reason: 'down' }]);
  });

  it('believes no folder of another network namespace', () => {
    const down = { flags: '0x1002', operstate: 'down' };
    expect(unconnectedInterfaces(new Set(), system({ lo: LO, eth0: down }, ['lo']))).toEqual([]);
    expect(unconnectedInterfaces(new Set(), system({ lo: LO, eth0: down }, ['lo', 'veth1']))).toEqual([]);
    // Another eth0.
    expect(unconnectedInterfaces(new Set(), system({ lo: LO, eth0: down, eth1: down }, ['lo', 'eth0']))).toEqual([]);
  });

  it('knows nothing where there are no such files', () => {
    expect(unconnectedInterfaces(new Set(), { folder: '/nowhere', table: '/nowhere' })).toEqual([]);
  });
});
