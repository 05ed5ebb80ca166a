/** The command line, as it is published, on a real gateway: it opens a port, and a packet comes through. */
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import type { Readable } from 'node:stream';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { skipWithoutLab } from './availability.mjs';
import { createLab, type Lab } from './lab.mjs';
import type { LabOptions } from './plan.mjs';
import { reach, serveEcho } from './reach.mjs';
import { runTypeScript } from './typescript.mjs';

const BIN = join(import.meta.dirname, '../packages/portwright/dist/bin.cjs');

/** A lab for the tests of one block. */
function useLab(options: LabOptions = {}): { readonly lab: Lab } {
  let lab: Lab | undefined;
  beforeAll(async () => {
    lab = await createLab(options);
  });
  afterAll(() => lab?.close());
  return {
    get lab() {
      if (lab === undefined) throw new Error('the lab is not up yet');
      return lab;
    },
  };
}

/** Runs a command in the LAN, with --json; what it printed and how it ended. */
async function portwright({ lan }: Lab, ...args: readonly string[]): Promise<{ code: number | null; json: unknown }> {
  const { code, stdout, stderr } = await lan.exec(process.execPath, [BIN, ...args, '--json']);
  expect(stderr).toBe('');
  return { code, json: JSON.parse(stdout) };
}

/** A command that goes on: what it prints, and how it ends. */
interface Following {
  /** The first document of that kind that was not asked for before. */
  readonly said: (event: string) => Promise<unknown>;
  /** @returns the exit status */
  readonly end: (signal: NodeJS.Signals) => Promise<number | null>;
}

function follow({ lan }: Lab, ...args: readonly string[]): Following {
  const child = lan.spawn(process.execPath, [BIN, ...args, '--json'], { stdio: ['ignore', 'pipe', 'inherit'] });
  const ended = once(child, 'exit');
  const lines = createInterface(child.stdout as Readable)[Symbol.asyncIterator]();
  return {
    said: async (event) => {
      for (let line = await lines.next(); line.done !== true; line = await lines.next()) {
        const document = JSON.parse(line.value) as { readonly event?: string };
        if (document.event === event) return document;
      }
      throw new Error(`it ended and did not say "${event}"`);
    },
    end: async (signal) => {
      child.kill(signal);
      const [code] = (await ended) as [number | null];
      return code;
    },
  };
}

async function mapForAnotherHost(lab: Lab): Promise<unknown> {
  const program = new URL('map-for-another-host.ts', import.meta.url);
  return JSON.parse((await runTypeScript(lab, lab.lan, program)).stdout);
}

describe.skipIf(skipWithoutLab(['upnpc']))('on a real gateway', () => {
  describe('IGD:2', () => {
    const at = useLab();

    it('finds it by multicast, and tells what it is', async () => {
      expect(await portwright(at.lab, 'discover')).toMatchObject({
        code: 0,
        json: {
          devices: [
            {
              location: 'http://10.77.0.1:5000/rootDesc.xml',
              udn: 'uuid:5c1f9a36-77d1-4d2e-9c0b-0a4d00010000',
              deviceType: 'urn:schemas-upnp-org:device:InternetGatewayDevice:2',
              isGateway: true,
              isDefaultGateway: true,
              localAddress: '10.77.0.2',
            },
          ],
          rejected: [],
        },
      });
    });

    it('reads its external address and its status', async () => {
      expect(await portwright(at.lab, 'ip')).toMatchObject({ code: 0, json: { externalAddress: '5.5.5.1' } });
      expect(await portwright(at.lab, 'status')).toMatchObject({
        code: 0,
        json: {
          status: 'Connected',
          connected: true,
          externalAddressClass: 'public',
          lastError: 'ERROR_NONE',
          natEnabled: true,
          counters: { bytesSent: expect.any(Number) as number, packetsReceived: expect.any(Number) as number },
          firewall: { enabled: true, pinholesAllowed: true },
        },
      });
    });

    it.each(['tcp', 'udp'] as const)(
      'opens a %s port: a packet from the WAN reaches a server on the LAN',
      async (protocol) => {
        const { lab } = at;
        const server = await serveEcho(lab.lan, protocol, 8080);
        try {
          expect(await reach(lab.wan, protocol, lab.externalAddress, 18_080, 'before', 1)).toMatchObject({
            reached: false,
          });

          const description = 'a <game> & "more"';
          const options = ['--protocol', protocol, '--lease', '600', '--description', description];
          expect(await portwright(lab, 'map', '18080', '8080', ...options)).toMatchObject({
            code: 0,
            json: {
              mappings: [
                {
                  externalPort: 18_080,
                  internalPort: 8080,
                  internalClient: '10.77.0.2',
                  description,
                  verified: 'verified',
                  attempts: [],
                },
              ],
            },
          });
          expect(await reach(lab.wan, protocol, lab.externalAddress, 18_080, 'hello')).toMatchObject({ reached: true });
          expect(server.received.map(({ text }) => text)).toContain('hello');
          expect(await portwright(lab, 'list')).toMatchObject({
            json: { mappings: [{ externalPort: 18_080, description, enabled: true, remoteHost: '' }], complete: true },
          });

          expect(await portwright(lab, 'unmap', '18080', '--protocol', protocol)).toMatchObject({ code: 0 });
          expect(await reach(lab.wan, protocol, lab.externalAddress, 18_080, 'after', 1)).toMatchObject({
            reached: false,
          });
          expect(server.received.map(({ text }) => text)).not.toContain('after');
          expect(lab.mappings()).toEqual([]);
        } finally {
          server.close();
        }
      },
    );

    it('is believed by upnpc, which lists our mapping with every field as given', async () => {
      const { lab } = at;
      const options = ['--protocol', 'udp', '--lease', '1200', '--description', 'listed'];
      expect((await portwright(lab, 'map', '18081', '8081', ...options)).code).toBe(0);
      const { stdout } = await lab.lan.exec('upnpc', ['-l']);
      const row = /^ *\d+ UDP 18081->10\.77\.0\.2:8081 +'listed' '' (\d+)$/m.exec(stdout);
      expect(row, stdout).not.toBeNull();
      expect(Number(row?.[1])).toBeGreaterThan(1100);
      expect(Number(row?.[1])).toBeLessThanOrEqual(1200);
      expect((await portwright(lab, 'unmap', '18081', '--protocol', 'udp')).code).toBe(0);
    });

    it('is told what to do about a port that the gateway keeps', async () => {
      expect(await portwright(at.lab, 'map', '80')).toMatchObject({
        code: 1,
        json: {
          error: {
            kind: 'not-mapped',
            code: 'refused',
            hint: expect.any(String) as string,
            // It might have been for UPnP alone.
            attempts: [
              { error: { kind: 'upnp-fault', code: 606, name: 'ActionNotAuthorized' } },
              { error: { kind: 'refusal', via: 'pcp', code: 'port-not-available' } },
            ],
          },
        },
      });
      expect(at.lab.mappings()).toEqual([]);
    });

    it('opens a port at a gateway given by URL, without a search', async () => {
      const gateway = ['--gateway', at.lab.descriptionUrl];
      expect((await portwright(at.lab, 'map', '18082', ...gateway)).code).toBe(0);
      expect(at.lab.mappings()).toMatchObject([{ externalPort: 18_082, protocol: 'TCP' }]);
      expect((await portwright(at.lab, 'unmap', '18082', ...gateway)).code).toBe(0);
    });

    it("leaves another host's mapping alone, unless it is forced", async () => {
      const { lab } = at;
      expect(await mapForAnotherHost(lab)).toMatchObject({ externalPort: 18_083, internalClient: '10.77.0.9' });
      expect(await portwright(lab, 'map', '18083')).toMatchObject({
        code: 1,
        json: { error: { kind: 'not-mapped', attempts: [{ owner: 'other', error: { kind: 'conflict' } }] } },
      });
      expect(await portwright(lab, 'unmap', '18083')).toMatchObject({
        code: 1,
        json: { error: { kind: 'not-unmapped', code: 'not-own', mapping: { internalClient: '10.77.0.9' } } },
      });
      expect(lab.mappings()).toMatchObject([{ externalPort: 18_083, internalClient: '10.77.0.9' }]);
      expect((await portwright(lab, 'unmap', '18083', '--force')).code).toBe(0);
      expect(lab.mappings()).toEqual([]);
    });

    it('takes another port for both protocols where that will do', async () => {
      const { lab } = at;
      expect(await mapForAnotherHost(lab)).toMatchObject({ externalPort: 18_083 });
      const { code, json } = await portwright(lab, 'map', '18083', '--protocol', 'both', '--any');
      expect(code).toBe(0);
      const { mappings } = json as { readonly mappings: readonly { readonly externalPort: number }[] };
      const [port = 0, ...others] = mappings.map(({ externalPort }) => externalPort);
      expect(others).toEqual([port]);
      expect(port).not.toBe(18_083);
      expect(lab.mappings()).toHaveLength(3);
      expect((await portwright(lab, 'unmap', String(port), '--protocol', 'both')).code).toBe(0);
      expect((await portwright(lab, 'unmap', '18083', '--force')).code).toBe(0);
    });

    it.each(['SIGINT', 'SIGTERM'] as const)('keeps a port until %s, and leaves nothing behind', async (signal) => {
      const { lab } = at;
      const program = follow(lab, 'map', '18084', '--keep');
      expect(await program.said('mapped')).toMatchObject({ mappings: [{ externalPort: 18_084 }] });
      expect(lab.mappings()).toMatchObject([{ externalPort: 18_084, protocol: 'TCP' }]);
      expect(await program.end(signal)).toBe(0);
      expect(await program.said('unmapped')).toMatchObject({ protocol: 'TCP', externalPort: 18_084 });
      expect(lab.mappings()).toEqual([]);
    });

    it("watches: another client's mapping is told as it is made", async () => {
      const { lab } = at;
      const program = follow(lab, 'watch');
      expect(await program.said('watching')).toMatchObject({ status: 'Connected', externalAddress: '5.5.5.1' });
      const seen = { isTold: false };
      const told = program.said('mappings').finally(() => {
        seen.isTold = true;
      });
      // The first event tells what there is, and only what comes after it is a change.
      for (let round = 0; round < 20 && !seen.isTold; round += 1) {
        expect((await portwright(lab, 'map', '18085')).code).toBe(0);
        expect((await portwright(lab, 'unmap', '18085')).code).toBe(0);
      }
      expect(await told).toMatchObject({ source: 'event', entries: expect.any(Number) as number });
      expect(await program.end('SIGINT')).toBe(0);
    });

    it('opens a pinhole, and closes it again', async () => {
      const { lab } = at;
      const server = await serveEcho(lab.lan, 'tcp', 8080);
      const reached = async (text: string, seconds: number): Promise<boolean> =>
        (await reach(lab.wan, 'tcp', lab.lanAddress6 ?? '', 8080, text, seconds)).reached;
      try {
        const { code, json } = await portwright(lab, 'pinhole', 'add', '8080', '--lease', '600');
        expect({ code, json }).toMatchObject({
          code: 0,
          json: { pinhole: { protocol: 'TCP', internalClient: 'fd77::2', internalPort: 8080 } },
        });
        expect(await reached('open', 30)).toBe(true);
        const { id } = (json as { readonly pinhole: { readonly id: number } }).pinhole;
        expect(await portwright(lab, 'pinhole', 'check', String(id))).toMatchObject({ code: 0, json: { id } });
        expect((await portwright(lab, 'pinhole', 'update', String(id), '--lease', '900')).code).toBe(0);
        expect((await portwright(lab, 'pinhole', 'delete', String(id))).code).toBe(0);
        expect(await reached('closed', 1)).toBe(false);
      } finally {
        server.close();
      }
    });

    it('finds a gateway that it remembers without a search', async () => {
      const { lab } = at;
      const env = { XDG_STATE_HOME: lab.plan.directory };
      const remembering = (): Promise<{ code: number | null }> =>
        lab.lan.exec(process.execPath, [BIN, 'ip', '--remember'], { env });
      expect((await remembering()).code).toBe(0);
      const file = join(lab.plan.directory, 'portwright', 'gateway.json');
      expect(JSON.parse(readFileSync(file, 'utf8'))).toMatchObject([{ location: lab.descriptionUrl }]);
      expect((await remembering()).code).toBe(0);
    });

    it('finds it over IPv6', async () => {
      const { code, json } = await portwright(at.lab, 'discover', '--ipv6', '--timeout', '4000');
      expect(code).toBe(0);
      const { devices } = json as { readonly devices: readonly { readonly location: string }[] };
      expect(devices.map(({ location }) => location)).toContain('http://[fd77::1]:5000/rootDesc.xml');
    });

    it('says that nobody answers, on an interface with nobody', async () => {
      expect(await portwright(at.lab, 'ip', '--interface', 'lo', '--timeout', '300')).toMatchObject({
        code: 1,
        json: { error: { kind: 'no-gateway', code: 'no-answer' } },
      });
    });
  });

  describe('IGD:1', () => {
    const at = useLab({ igd1: true });

    it('opens a port just so', async () => {
      const { lab } = at;
      const server = await serveEcho(lab.lan, 'tcp', 8080);
      try {
        expect(await portwright(lab, 'map', '18080', '8080')).toMatchObject({
          code: 0,
          json: { gateway: { serviceType: 'urn:schemas-upnp-org:service:WANIPConnection:1' } },
        });
        expect(await reach(lab.wan, 'tcp', lab.externalAddress, 18_080)).toMatchObject({ reached: true });
      } finally {
        server.close();
      }
    });
  });

  describe('in secure mode', () => {
    const at = useLab({ secureMode: true });

    it('opens a port to this host', async () => {
      expect((await portwright(at.lab, 'map', '18080')).code).toBe(0);
      expect(at.lab.mappings()).toMatchObject([{ externalPort: 18_080, internalClient: '10.77.0.2' }]);
    });

    it('opens none to another host', async () => {
      expect(await mapForAnotherHost(at.lab)).toMatchObject({
        kind: 'upnp-fault',
        code: 718,
        name: 'ConflictInMappingEntry',
      });
      expect(at.lab.mappings().map(({ externalPort }) => externalPort)).not.toContain(18_083);
    });
  });

  describe('behind a second router', () => {
    const at = useLab({ doubleNat: true });

    it('says so, and passes the refusal on', async () => {
      expect(await portwright(at.lab, 'status')).toMatchObject({
        json: { connected: true, externalAddress: null },
      });
      expect(await portwright(at.lab, 'map', '18080')).toMatchObject({
        code: 1,
        json: { error: { kind: 'not-mapped', attempts: [501, 501, 501].map((code) => ({ error: { code } })) } },
      });
    });
  });
});
