/** What the command line says about networks that are of no use, on real interfaces and sockets. */
import { once } from 'node:events';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { skipWithoutLab } from './availability.mjs';
import { createLab, type Lab } from './lab.mjs';
import type { LabOptions } from './plan.mjs';

const BIN = join(import.meta.dirname, '../packages/portwright/dist/bin.cjs');
const ODD_ROUTER = join(import.meta.dirname, 'odd-router.mjs');

function useLab(options: LabOptions): { readonly lab: Lab } {
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

interface Said {
  readonly code: number | null;
  readonly json: unknown;
}

async function portwright({ lan }: Lab, ...args: readonly string[]): Promise<Said> {
  const { code, stdout, stderr } = await lan.exec(process.execPath, [BIN, ...args, '--json']);
  expect(stderr).toBe('');
  return { code, json: JSON.parse(stdout) };
}

async function ip({ lan }: Lab, ...commands: readonly string[]): Promise<void> {
  for (const command of commands) {
    const { code, stderr } = await lan.exec('ip', command.split(' '));
    expect({ command, code, stderr }).toEqual({ command, code: 0, stderr: '' });
  }
}

/** What there was to read until the search found an interface in some state: the kernel tells of it a moment later. */
async function eventually(ask: () => Promise<Said>, isSo: (said: Said) => boolean): Promise<Said> {
  for (let round = 0; ; round += 1) {
    const said = await ask();
    if (isSo(said) || round >= 10) return said;
  }
}

const codeOf = ({ json }: Said): string | undefined =>
  (json as { readonly error?: { readonly code?: string } }).error?.code;

const matching = (pattern: RegExp): string => expect.stringMatching(pattern) as string;

describe.skipIf(skipWithoutLab(['upnpc']))('without a router that can be used', () => {
  describe('an odd router', () => {
    const at = useLab({ daemon: false });

    it.each([
      [
        '404',
        'none-usable',
        /^10\.77\.0\.1 answered the search, but its description .* HTTP 404/,
        /Restart.*--gateway/,
      ],
      ['garbage', 'none-usable', /^10\.77\.0\.1 answered the search, but its description .*<html>/, /Restart/],
      ['refused', 'none-usable', /^10\.77\.0\.1 answered the search, but its description /, /Restart/],
      [
        'slow',
        'none-usable',
        /^10\.77\.0\.1 answered the search, but its description /,
        /--gateway \S+ --timeout 10000/,
      ],
      [
        'foreign',
        'none-usable',
        /^10\.77\.0\.1 answered .* refused: "http:\/\/10\.77\.0\.9/,
        /--gateway http:\/\/10\.77\.0\.9/,
      ],
      ['malformed', 'none-usable', /^10\.77\.0\.1 answered the search, but its answer can't be read/, /Restart/],
      ['late', 'late-answer', /10\.77\.0\.1 answered 0\.\d s after the time was up/, /--timeout 2000/],
    ] as const)('%s', async (behaviour, code, message, hint) => {
      const { lab } = at;
      const router = lab.gw.spawn(process.execPath, [ODD_ROUTER, behaviour], { stdio: ['ignore', 'pipe', 'inherit'] });
      try {
        if (router.stdout !== null) await once(router.stdout, 'data');
        // On a busy machine, an answer that is to be late may come in time, or later than anybody listens.
        const ask = (): Promise<Said> => portwright(lab, 'map', '7777', '--timeout', '1000');
        expect(await eventually(ask, (said) => codeOf(said) === code)).toMatchObject({
          code: 1,
          json: { error: { kind: 'no-gateway', code, message: matching(message), hint: matching(hint) } },
        });
      } finally {
        router.kill();
        await once(router, 'exit');
      }
    });

    it('nobody answers: interface, address and default router are named', async () => {
      expect(await portwright(at.lab, 'map', '7777', '--timeout', '300')).toMatchObject({
        code: 1,
        json: {
          error: {
            code: 'no-answer',
            message:
              'no device answered the search on eth0 (10.77.0.2); the default router is 10.77.0.1; ' +
              '10.77.0.1 answers neither PCP nor NAT-PMP',
          },
        },
      });
    });

    it('no default route', async () => {
      const { lab } = at;
      await ip(lab, 'route del default');
      expect(await portwright(lab, 'ip', '--timeout', '300')).toMatchObject({
        json: { error: { code: 'no-answer', message: 'no device answered the search on eth0 (10.77.0.2)' } },
      });
      await ip(lab, 'route add default via 10.77.0.1');
    });

    it('no carrier', async () => {
      const { lab } = at;
      const { code } = await lab.gw.exec('ip', ['link', 'set', 'lan0', 'down']);
      expect(code).toBe(0);
      const ask = (): Promise<Said> => portwright(lab, 'map', '7777', '--timeout', '300');
      expect(await eventually(ask, (said) => codeOf(said) === 'no-carrier')).toMatchObject({
        code: 1,
        json: { error: { code: 'no-carrier', message: matching(/not connected to a network: eth0 has no link/) } },
      });
      expect((await lab.gw.exec('ip', ['link', 'set', 'lan0', 'up'])).code).toBe(0);
    });

    it('no address, an interface that is switched off, none at all', async () => {
      const { lab } = at;
      const ask = (): Promise<Said> => portwright(lab, 'ip', '--timeout', '300');
      await ip(lab, '-6 address flush dev eth0', '-4 address flush dev eth0');
      expect(await eventually(ask, (said) => codeOf(said) === 'no-network')).toMatchObject({
        json: { error: { code: 'no-network', message: matching(/eth0 has no address$/), hint: matching(/DHCP/) } },
      });
      await ip(lab, 'link set eth0 down');
      expect(await ask()).toMatchObject({
        json: { error: { code: 'no-network', message: matching(/eth0 is switched off$/) } },
      });
      await ip(lab, 'link del eth0');
      expect(await ask()).toMatchObject({
        code: 1,
        json: { error: { code: 'no-network', message: 'this computer is not connected to a network' } },
      });
    });
  });

  describe('a LAN with IPv6 alone', () => {
    const at = useLab({});

    it('says so, and opens a pinhole', async () => {
      const { lab } = at;
      await ip(lab, '-4 address flush dev eth0');
      expect(await portwright(lab, 'map', '7777')).toMatchObject({
        code: 1,
        json: {
          error: {
            code: 'no-ipv4',
            message: matching(/this computer has no IPv4 address: eth0 has only fd77::2/),
            hint: 'Open the port over IPv6 instead: pinhole add 7777.',
          },
        },
      });
      const { code, json } = await portwright(lab, 'map', '7777', '--ipv6');
      expect({ code, json }).toMatchObject({ code: 1, json: { error: { kind: 'not-mapped', code: 'no-address' } } });
      expect(JSON.stringify(json)).not.toContain('internalClient');
      expect(await portwright(lab, 'pinhole', 'add', '7777')).toMatchObject({
        code: 0,
        json: { pinhole: { internalClient: 'fd77::2' } },
      });
    });
  });

  describe('a router behind another router', () => {
    const at = useLab({ doubleNat: true });

    it('is named as the reason', async () => {
      expect(await portwright(at.lab, 'map', '18080')).toMatchObject({
        code: 1,
        json: {
          error: {
            kind: 'not-mapped',
            code: 'double-nat',
            message: matching(/your router stands behind another router/),
            hint: matching(/bridge mode/),
          },
        },
      });
      expect(await portwright(at.lab, 'ip')).toMatchObject({
        code: 1,
        json: { error: { hint: matching(/behind another router/) } },
      });
    });
  });
});
