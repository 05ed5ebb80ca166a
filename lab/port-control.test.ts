/** The command line, as it is published, on a real gateway that has UPnP off: by PCP and by NAT-PMP. */
import { once } from 'node:events';
import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Readable } from 'node:stream';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { skipWithoutLab } from './availability.mjs';
import { createLab, type Lab } from './lab.mjs';
import type { LabOptions } from './plan.mjs';
import { reach, serveEcho } from './reach.mjs';

const BIN = join(import.meta.dirname, '../packages/portwright/dist/bin.cjs');

/** A lab, and a folder for what the command line stores. */
interface Place {
  readonly lab: Lab;
  readonly env: { readonly XDG_STATE_HOME: string };
}

function usePlace(options: LabOptions): () => Place {
  let place: Place | undefined;
  beforeAll(async () => {
    place = { lab: await createLab(options), env: { XDG_STATE_HOME: mkdtempSync(join(tmpdir(), 'portwright-')) } };
  });
  afterAll(() => {
    place?.lab.close();
    if (place !== undefined) rmSync(place.env.XDG_STATE_HOME, { recursive: true });
  });
  return () => {
    if (place === undefined) throw new Error('the lab is not up yet');
    return place;
  };
}

async function portwright(
  { lab, env }: Place,
  ...args: readonly string[]
): Promise<{ readonly code: number | null; readonly json: unknown }> {
  const { code, stdout, stderr } = await lab.lan.exec(process.execPath, [BIN, ...args, '--json'], { env });
  expect(stderr).toBe('');
  return { code, json: JSON.parse(stdout) };
}

/** `map --keep`: what it prints, and how it ends. */
async function keeping(
  { lab, env }: Place,
  ...args: readonly string[]
): Promise<{
  readonly next: (event: string) => Promise<unknown>;
  readonly end: (signal: NodeJS.Signals) => Promise<unknown>;
}> {
  const child = lab.lan.spawn(process.execPath, [BIN, 'map', ...args, '--keep', '--json'], {
    stdio: ['ignore', 'pipe', 'inherit'],
    env: { ...process.env, ...env },
  });
  const ended = once(child, 'exit');
  const lines = createInterface(child.stdout as Readable)[Symbol.asyncIterator]();
  const next = async (event: string): Promise<unknown> => {
    for (let line = await lines.next(); line.done !== true; line = await lines.next()) {
      const document = JSON.parse(line.value) as { readonly event?: string };
      if (document.event === event) return document;
    }
    throw new Error(`it ended and did not say "${event}"`);
  };
  await next('mapped');
  return {
    next,
    end: async (signal) => {
      child.kill(signal);
      const [code] = (await ended) as [number | null];
      return code;
    },
  };
}

const leaseFiles = ({ env }: Place): readonly string[] => {
  try {
    return readdirSync(join(env.XDG_STATE_HOME, 'portwright', 'leases'));
  } catch {
    return [];
  }
};

describe.skipIf(skipWithoutLab())('a real gateway with UPnP off', () => {
  const at = usePlace({ upnp: false });

  it.each([
    ['pcp', 'tcp', []],
    ['pcp', 'udp', []],
    ['nat-pmp', 'tcp', ['--via', 'nat-pmp']],
    ['nat-pmp', 'udp', ['--via', 'nat-pmp']],
  ] as const)(
    'by %s opens a %s port: a packet arrives, until another run closes it',
    async (via, protocol, options) => {
      const place = at();
      const { lab } = place;
      await using server = await serveEcho(lab.lan, protocol, 8080);
      const mapped = await portwright(place, 'map', '18080', '8080', '--protocol', protocol, ...options);
      expect(mapped).toMatchObject({
        code: 0,
        json: {
          mappings: [
            { via, externalPort: 18_080, internalPort: 8080, internalClient: '10.77.0.2', leaseSeconds: 3600 },
          ],
          externalAddress: '5.5.5.1',
          gateway: { via, server: '10.77.0.1%eth0' },
        },
      });
      expect(await reach(lab.wan, protocol, lab.externalAddress, 18_080, 'hello')).toMatchObject({ reached: true });
      expect(server.received.map(({ text }) => text)).toContain('hello');
      expect(await portwright(place, 'unmap', '18080', '--protocol', protocol, ...options)).toMatchObject({ code: 0 });
      expect(await reach(lab.wan, protocol, lab.externalAddress, 18_080, 'after', 1)).toMatchObject({ reached: false });
      expect(lab.mappings()).toEqual([]);
      expect(leaseFiles(place)).toEqual([]);
    },
  );

  it.each([[[]], [['--via', 'nat-pmp']]])('tells its address: %j', async (options) => {
    const place = at();
    expect(await portwright(place, 'ip', ...options)).toMatchObject({ code: 0, json: { externalAddress: '5.5.5.1' } });
    expect(await portwright(place, 'status', ...options)).toMatchObject({
      code: 0,
      json: { externalAddress: '5.5.5.1', externalAddressClass: 'public' },
    });
  });

  it.each([
    ['pcp', []],
    ['nat-pmp', ['--via', 'nat-pmp']],
  ] as const)('by %s keeps a port through a restart with an empty table, and leaves nothing', async (_via, options) => {
    const place = at();
    const { lab } = place;
    // By its epoch (RFC 6886, 3.6) nobody can tell that a router has restarted in its first seconds.
    await sleep(15_000);
    const program = await keeping(place, '18084', ...options);
    expect(lab.mappings()).toMatchObject([{ externalPort: 18_084, protocol: 'TCP' }]);
    await lab.restartGateway({ emptyTable: true });
    expect(await program.next('restored')).toMatchObject({ mapping: { externalPort: 18_084 } });
    expect(lab.mappings()).toMatchObject([{ externalPort: 18_084, protocol: 'TCP' }]);
    expect(await program.end('SIGINT')).toBe(0);
    expect(lab.mappings()).toEqual([]);
    expect(leaseFiles(place)).toEqual([]);
  });

  it('after a crash is unmapped by the nonce that was stored', async () => {
    const place = at();
    const program = await keeping(place, '18085');
    await program.end('SIGKILL');
    expect(at().lab.mappings()).toMatchObject([{ externalPort: 18_085 }]);
    expect(await portwright(place, 'unmap', '18085')).toMatchObject({ code: 0 });
    expect(at().lab.mappings()).toEqual([]);
    expect(leaseFiles(place)).toEqual([]);
  });

  it('after a crash with --journal is cleaned up by the next start', async () => {
    const place = at();
    const program = await keeping(place, '18086', '--journal');
    await program.end('SIGKILL');
    expect(at().lab.mappings()).toMatchObject([{ externalPort: 18_086 }]);
    const next = await keeping(place, '18087', '--journal');
    expect(at().lab.mappings()).toMatchObject([{ externalPort: 18_087 }]);
    expect(await next.end('SIGINT')).toBe(0);
    expect(at().lab.mappings()).toEqual([]);
  });

  it('says that it does not grant a port below 1024, and grants another one with --any', async () => {
    const place = at();
    const refused = await portwright(place, 'map', '80');
    expect(refused).toMatchObject({ code: 1, json: { error: { kind: 'not-mapped', code: 'refused' } } });
    const other = await portwright(place, 'map', '80', '--any');
    expect(other).toMatchObject({ code: 0, json: { mappings: [{ internalPort: 80, via: 'pcp' }] } });
    const [mapping] = at().lab.mappings();
    expect(mapping?.externalPort).toBeGreaterThanOrEqual(1024);
    expect(await portwright(place, 'unmap', String(mapping?.externalPort))).toMatchObject({ code: 0 });
    expect(at().lab.mappings()).toEqual([]);
  });
});

describe.skipIf(skipWithoutLab())('a real gateway with UPnP off behind a second router', () => {
  const at = usePlace({ upnp: false, doubleNat: true });

  it.each([[[]], [['--via', 'nat-pmp']]])('is named as double NAT: %j', async (options) => {
    expect(await portwright(at(), 'map', '18080', ...options)).toMatchObject({
      code: 1,
      json: { error: { kind: 'not-mapped', code: 'double-nat' } },
    });
  });
});

describe.skipIf(skipWithoutLab())('a real gateway with all protocols', () => {
  const at = usePlace({});

  it.each([
    ['upnp-igd', []],
    ['pcp', ['--via', 'pcp']],
    ['nat-pmp', ['--via', 'nat-pmp,upnp']],
    ['pcp', ['--gateway', 'pcp://10.77.0.1']],
  ] as const)('maps by %s: %j', async (via, options) => {
    const place = at();
    expect(await portwright(place, 'map', '18080', ...options)).toMatchObject({
      code: 0,
      json: { mappings: [{ via }] },
    });
    expect(at().lab.mappings()).toHaveLength(1);
    const gateway = options[0] === '--gateway' ? options : [];
    expect(await portwright(place, 'unmap', '18080', ...gateway)).toMatchObject({ code: 0 });
    expect(at().lab.mappings()).toEqual([]);
  });
});
