/** The conformance suite's command, as it is published, on real gateways: each with the list of what it is known to miss. */
import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import type { Readable } from 'node:stream';
import { text } from 'node:stream/consumers';
import { setTimeout as sleep } from 'node:timers/promises';
import { describe, expect, it } from 'vitest';
import { skipWithoutLab } from './availability.mjs';
import { createLab, type Lab } from './lab.mjs';
import type { Lease } from './leases.mjs';
import type { LabOptions } from './plan.mjs';

const BIN = join(import.meta.dirname, '../packages/portwright/dist/bin.js');
const OTHER = '10.77.0.3';

interface Document {
  /** Why there was no run at all. */
  readonly error?: unknown;
  readonly run: string;
  readonly isGood: boolean;
  readonly objections: readonly string[];
  readonly wasAborted: boolean;
  readonly unexpectedPasses: readonly string[];
  readonly leftovers: readonly string[];
  readonly table: unknown;
  readonly swept: readonly { readonly externalPort: number; readonly description: string }[];
  readonly results: readonly { readonly id: string; readonly standing: string }[];
}

/** A lab whose client has a second address on the LAN: another host, for the gateway. */
async function createPeopledLab(options: LabOptions = {}): Promise<Lab> {
  const lab = await createLab(options);
  const { stdout } = await lab.lan.exec('ip', ['-o', '-4', 'addr', 'show', 'to', lab.lanAddress]);
  const device = /^\d+: (\S+)/.exec(stdout)?.[1] ?? '';
  const { code, stderr } = await lab.lan.exec('ip', ['addr', 'add', `${OTHER}/24`, 'dev', device]);
  expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
  return lab;
}

/** A mapping that one of the two hosts makes for itself. */
async function mapFrom(lab: Lab, address: string, port: number, description: string): Promise<void> {
  const program = `
    const [url, localAddress, port, description] = process.argv.slice(1);
    const type = 'urn:schemas-upnp-org:service:WANIPConnection:1';
    const values = { NewRemoteHost: '', NewExternalPort: port, NewProtocol: 'TCP', NewInternalPort: port,
      NewInternalClient: localAddress, NewEnabled: 1, NewPortMappingDescription: description, NewLeaseDuration: 0 };
    const fields = Object.entries(values).map(([name, value]) => '<' + name + '>' + value + '</' + name + '>').join('');
    const body = '<?xml version="1.0"?><s:Envelope xmlns:s="http://schemas.xmlsoap.org/soap/envelope/" ' +
      's:encodingStyle="http://schemas.xmlsoap.org/soap/encoding/"><s:Body><u:AddPortMapping xmlns:u="' + type + '">' +
      fields + '</u:AddPortMapping></s:Body></s:Envelope>';
    const headers = { SOAPAction: '"' + type + '#AddPortMapping"', 'Content-Type': 'text/xml', 'Content-Length': body.length };
    require('node:http').request(url, { method: 'POST', localAddress, headers }, (response) => {
      process.exitCode = response.statusCode === 200 ? 0 : 1;
      response.pipe(process.stdout);
    }).end(body);`;
  const url = new URL('/ctl/IPConn', lab.descriptionUrl).href;
  const argv = ['-e', program, url, address, String(port), description];
  const { code, stdout, stderr } = await lab.lan.exec(process.execPath, argv);
  expect({ code, stdout, stderr }).toMatchObject({ code: 0, stderr: '' });
}

function start(lab: Lab, ...args: readonly string[]): ChildProcess {
  return lab.lan.spawn(process.execPath, [BIN, 'conformance', ...args, '--json'], {
    stdio: ['ignore', 'pipe', 'pipe'],
  });
}

async function ended(child: ChildProcess): Promise<{ readonly code: number | null; readonly report: Document }> {
  const closed = once(child, 'close');
  const [stdout, stderr] = await Promise.all([child.stdout as Readable, child.stderr as Readable].map(text));
  await closed;
  expect(stderr).toBe('');
  return { code: child.exitCode, report: JSON.parse(stdout ?? '') as Document };
}

/** The helper on the WAN side. @returns where it listens */
async function startWanHost(lab: Lab): Promise<string> {
  const child = lab.wan.spawn(process.execPath, [BIN, 'wan-host', '--json'], { stdio: ['ignore', 'pipe', 'inherit'] });
  const [line] = (await once(child.stdout ?? child, 'data')) as [Buffer];
  const { event, port } = JSON.parse(line.toString()) as { readonly event: string; readonly port: number };
  expect(event).toBe('listening');
  return `${lab.wanAddress}:${port}`;
}

/** Asks for the gateway to be started anew, and waits until that is done. */
function rebootCommand(lab: Lab): {
  readonly command: string;
  readonly serve: (until: Promise<unknown>) => Promise<number>;
} {
  const flag = join(lab.plan.directory, 'reboot');
  return {
    command: `touch ${flag}; while [ -e ${flag} ]; do sleep 0.1; done`,
    serve: async (until) => {
      const over = new AbortController();
      void until.finally(() => {
        over.abort();
      });
      let reboots = 0;
      for (let tries = 0; tries < 1_800 && !over.signal.aborted; tries += 1) {
        if (existsSync(flag)) {
          await lab.restartGateway();
          reboots += 1;
          rmSync(flag);
        }
        await sleep(100);
      }
      return reboots;
    },
  };
}

interface Gateway {
  readonly list: string;
  readonly options: LabOptions;
  /** What needs the helper on the WAN side, a second client, and a reboot. */
  readonly passed: readonly string[];
  readonly reboots: number;
}

const GATEWAYS: readonly (readonly [string, Gateway])[] = [
  [
    'IGD:2',
    {
      list: 'miniupnpd-igd2',
      options: {},
      passed: ['ssdp/wan-silent', 'wanip/traffic', 'wanip/add-conflict-718'],
      reboots: 1,
    },
  ],
  [
    'IGD:1',
    {
      list: 'miniupnpd-igd1',
      options: { igd1: true },
      passed: ['ssdp/wan-silent', 'wanip/traffic', 'wanip/add-conflict-718'],
      reboots: 0,
    },
  ],
  [
    'IGD:2 in secure mode',
    {
      list: 'miniupnpd-secure',
      options: { secureMode: true },
      passed: ['ssdp/wan-silent', 'wanip/traffic', 'wanip/add-conflict-718'],
      reboots: 1,
    },
  ],
];

describe.skipIf(skipWithoutLab())('conformance on a real gateway', () => {
  it.for(GATEWAYS)(
    'miniupnpd as %s misses what it is known to miss, and nothing else',
    { timeout: 180_000 },
    async ([, { list, options, passed, reboots }]) => {
      await using lab = await createPeopledLab(options);
      await mapFrom(lab, OTHER, 18_083, 'a game');
      await mapFrom(lab, lab.lanAddress, 18_084, 'mine');
      const before = lab.mappings();
      const reboot = rebootCommand(lab);
      const child = start(
        lab,
        ...['--write', '--disruptive', '--wan-host', await startWanHost(lab), '--reboot', reboot.command],
        ...['--known-failures', join(import.meta.dirname, 'known-failures', `${list}.txt`)],
      );
      const ending = ended(child);
      const rebooted = await reboot.serve(ending);
      const { code, report } = await ending;
      expect(report.error).toBeUndefined();
      const standing = (wanted: string): readonly string[] =>
        report.results.filter((result) => result.standing === wanted).map(({ id }) => id);
      expect({ failed: standing('failed'), warned: standing('warned'), ...report }).toMatchObject({
        failed: [],
        warned: [],
        objections: [],
        unexpectedPasses: [],
        leftovers: [],
        swept: [],
        table: { missing: [], extra: [] },
        isGood: true,
      });
      expect({ code, rebooted }).toEqual({ code: 0, rebooted: reboots });
      expect(standing('passed')).toEqual(expect.arrayContaining([...passed]));
      expect(lab.mappings()).toEqual(before);
    },
  );

  describe('cut short in the middle of the write checks', () => {
    /** What is in the table and none of a run's: of another host, of another program, and one that only looks so. */
    async function foreign(lab: Lab): Promise<readonly Lease[]> {
      await mapFrom(lab, OTHER, 45_000, 'portwright-conformance 0badcafe');
      await mapFrom(lab, lab.lanAddress, 45_001, 'a game');
      await mapFrom(lab, lab.lanAddress, 18_084, 'portwright-conformance 0badcafe');
      return lab.mappings();
    }

    /** Begins a run whose check takes seconds, and waits until its mapping is in the gateway's own list. */
    async function interrupted(lab: Lab, before: readonly Lease[], signal: NodeJS.Signals): Promise<ChildProcess> {
      const child = start(lab, '--write', '--only', 'wanip/lease-counts-down');
      for (let tries = 0; tries < 300 && lab.mappings().length === before.length; tries += 1) await sleep(50);
      const made = lab
        .mappings()
        .filter(({ externalPort }) => before.every((one) => one.externalPort !== externalPort));
      expect(made).toMatchObject([
        {
          internalClient: lab.lanAddress,
          description: expect.stringMatching(/^portwright-conformance [\da-f]{8}$/) as string,
        },
      ]);
      expect(child.kill(signal)).toBe(true);
      return child;
    }

    it('by SIGKILL leaves a mapping, which the next run removes, and nothing else', async () => {
      await using lab = await createPeopledLab();
      const before = await foreign(lab);
      const child = await interrupted(lab, before, 'SIGKILL');
      if (child.signalCode === null) await once(child, 'close');
      const left = lab
        .mappings()
        .filter(({ externalPort }) => before.every((one) => one.externalPort !== externalPort));
      expect(left).toHaveLength(1);

      const { code, report } = await ended(start(lab, '--write', '--only', 'wanip/add-lease'));
      expect(report.swept).toMatchObject([{ externalPort: left[0]?.externalPort, description: left[0]?.description }]);
      expect({ code, isGood: report.isGood }).toEqual({ code: 0, isGood: true });
      expect(lab.mappings()).toEqual(before);
    });

    it.each([
      ['SIGINT', 130],
      ['SIGTERM', 143],
    ] as const)('by %s leaves nothing, and says what it has found out', async (signal, status) => {
      await using lab = await createPeopledLab();
      const before = await foreign(lab);
      const { code, report } = await ended(await interrupted(lab, before, signal));
      expect(code).toBe(status);
      expect(report).toMatchObject({ wasAborted: true, isGood: false, leftovers: [], swept: [] });
      expect(lab.mappings()).toEqual(before);
    });
  });
});
