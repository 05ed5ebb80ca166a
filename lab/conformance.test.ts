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

const BIN = join(import.meta.dirname, '../packages/portwright/dist/bin.cjs');
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
  readonly results: readonly {
    readonly id: string;
    readonly standing: string;
    readonly expected: string | null;
    readonly actual: string | null;
  }[];
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
  return startAfter(lab, [], ...args);
}

/** @param preloaded - arguments of Node's own */
function startAfter(lab: Lab, preloaded: readonly string[], ...args: readonly string[]): ChildProcess {
  return lab.lan.spawn(process.execPath, [...preloaded, BIN, 'conformance', ...args, '--json'], {
    stdio: ['ignore', 'pipe', 'pipe'],
  });
}

/** A process that is killed as soon as its mapping of that number has been answered. */
function killedAtMapping(number: number): readonly string[] {
  const program = `
    import { Socket } from 'node:net';
    const { write } = Socket.prototype;
    let left = ${number};
    Socket.prototype.write = function (bytes, ...rest) {
      if (Buffer.from(bytes).includes('#AddPortMapping')) left -= 1;
      if (left === 0) this.once('close', () => process.kill(process.pid, 'SIGKILL'));
      return write.call(this, bytes, ...rest);
    };`;
  return ['--import', `data:text/javascript,${encodeURIComponent(program)}`];
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
      while (!over.signal.aborted) {
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
  /** Its lists of known failures. */
  readonly lists: readonly string[];
  readonly options: LabOptions;
  /** What needs the helper on the WAN side, a second client, and a reboot. */
  readonly passed: readonly string[];
  readonly reboots: number;
}

const GATEWAYS: readonly (readonly [string, Gateway])[] = [
  [
    'IGD:2',
    {
      lists: ['miniupnpd-igd2', 'miniupnpd-port-control'],
      options: {},
      passed: ['ssdp/wan-silent', 'wanip/traffic', 'wanip/add-conflict-718', 'pcp/traffic', 'nat-pmp/map-conflict'],
      reboots: 5,
    },
  ],
  [
    'IGD:1',
    {
      lists: ['miniupnpd-igd1', 'miniupnpd-port-control'],
      options: { igd1: true },
      passed: ['ssdp/wan-silent', 'wanip/traffic', 'wanip/add-conflict-718', 'pcp/traffic', 'nat-pmp/map-conflict'],
      reboots: 4,
    },
  ],
  [
    'IGD:2 in secure mode',
    {
      lists: ['miniupnpd-secure', 'miniupnpd-port-control'],
      options: { secureMode: true },
      passed: ['ssdp/wan-silent', 'wanip/traffic', 'wanip/add-conflict-718', 'pcp/traffic', 'nat-pmp/map-conflict'],
      reboots: 5,
    },
  ],
  [
    'PCP and NAT-PMP alone',
    {
      lists: ['miniupnpd-port-control'],
      options: { upnp: false },
      passed: ['pcp/traffic', 'nat-pmp/traffic', 'pcp/map-conflict', 'nat-pmp/map-conflict', 'pcp/pinhole'],
      reboots: 4,
    },
  ],
];

// Side by side, each on a gateway of its own: most of the time the checks wait for leases to end.
describe.skipIf(skipWithoutLab())('conformance on a real gateway', { concurrent: true }, () => {
  it.for(GATEWAYS)(
    'miniupnpd as %s misses what it is known to miss, and nothing else',
    { timeout: 600_000 },
    async ([, { lists, options, passed, reboots }]) => {
      await using lab = await createPeopledLab(options);
      const hasUpnp = options.upnp !== false;
      if (hasUpnp) {
        await mapFrom(lab, OTHER, 18_083, 'a game');
        await mapFrom(lab, lab.lanAddress, 18_084, 'mine');
      }
      const before = lab.mappings();
      const reboot = rebootCommand(lab);
      const child = start(
        lab,
        ...['--write', '--disruptive', '--wan-host', await startWanHost(lab), '--reboot', reboot.command],
        ...lists.flatMap((list) => ['--known-failures', join(import.meta.dirname, 'known-failures', `${list}.txt`)]),
      );
      const ending = ended(child);
      const rebooted = await reboot.serve(ending);
      const { code, report } = await ending;
      expect(report.error).toBeUndefined();
      const standing = (wanted: string): readonly string[] =>
        report.results.filter((result) => result.standing === wanted).map(({ id }) => id);
      const seen = (wanted: string): readonly string[] =>
        report.results
          .filter((result) => result.standing === wanted)
          .map(({ id, expected, actual }) => `${id}: expected ${expected ?? ''}, saw ${actual ?? ''}`);
      expect({ ...report, failed: seen('failed'), warned: seen('warned') }).toMatchObject({
        failed: [],
        warned: [],
        objections: [],
        unexpectedPasses: [],
        leftovers: [],
        swept: [],
        table: hasUpnp ? { missing: [], extra: [] } : null,
        isGood: true,
      });
      // After the report, which says why a check that reboots was not come to.
      expect({ code, rebooted }).toEqual({ code: 0, rebooted: reboots });
      expect(standing('passed')).toEqual(expect.arrayContaining([...passed]));
      expect(lab.mappings()).toEqual(before);
    },
  );

  describe('cut short in the middle of the write checks', () => {
    /**
     * What is in the table and no run's of this host: of another host, of its runs, of another program, and what only
     * looks so. The lab's client has the other host's address, too: it is not by the address that they are told apart.
     */
    async function foreign(lab: Lab): Promise<readonly Lease[]> {
      await mapFrom(lab, OTHER, 45_000, 'portwright-conformance 0badcafe');
      await mapFrom(lab, OTHER, 45_001, `portwright-conformance 0badcafe ${OTHER}`);
      await mapFrom(lab, lab.lanAddress, 45_002, `portwright-conformance 0badcafe ${OTHER}`);
      await mapFrom(lab, lab.lanAddress, 45_003, 'a game');
      await mapFrom(lab, lab.lanAddress, 18_084, 'portwright-conformance 0badcafe');
      return lab.mappings();
    }

    /** What is there beside that. */
    function addedTo(before: readonly Lease[], lab: Lab): readonly Lease[] {
      return lab.mappings().filter(({ externalPort }) => before.every((one) => one.externalPort !== externalPort));
    }

    /** Begins a run whose check takes seconds, and waits until its mapping is in the gateway's own list. */
    async function interrupted(lab: Lab, before: readonly Lease[], signal: NodeJS.Signals): Promise<ChildProcess> {
      const child = start(lab, '--write', '--only', 'wanip/lease-counts-down');
      while (lab.mappings().length === before.length && child.exitCode === null) await sleep(50);
      expect(addedTo(before, lab)).toMatchObject([
        {
          internalClient: lab.lanAddress,
          description: expect.stringMatching(/^portwright-conformance [\da-f]{8} 10\.77\.0\.2$/) as string,
        },
      ]);
      expect(child.kill(signal)).toBe(true);
      return child;
    }

    it.each<readonly [check: string, number: number, left: readonly (readonly [client: string, end: RegExp])[]]>([
      ['wanip/lease-counts-down', 1, [['10.77.0.2', / 10\.77\.0\.2$/]]],
      // It leads to the second client.
      ['wanip/add-conflict-718', 1, [[OTHER, / 10\.77\.0\.2$/]]],
      // miniupnpd keeps references as they came, and cuts the description off in the middle of one: the table is no XML.
      [
        'wanip/description-escaping',
        2,
        [
          ['10.77.0.2', / 10\.77\.0\.2$/],
          ['10.77.0.2', / 10\.77\.0\.2 &#60;a&#62; /],
        ],
      ],
    ])(
      'by SIGKILL, %s leaves %i mapping(s), which the next run removes, and nothing else',
      async (check, number, left) => {
        await using lab = await createPeopledLab();
        const before = await foreign(lab);
        const child = startAfter(lab, killedAtMapping(number), '--write', '--only', check);
        await once(child, 'close');
        expect(child.signalCode).toBe('SIGKILL');
        const added = addedTo(before, lab);
        expect(added).toMatchObject(
          left.map(([internalClient, end]) => ({
            internalClient,
            description: expect.stringMatching(end) as string,
          })),
        );

        const { code, report } = await ended(start(lab, '--write', '--only', 'wanip/add-lease'));
        expect(report).toMatchObject({ swept: expect.any(Array) as unknown, isGood: true, objections: [] });
        expect(report.swept.map(({ externalPort }) => externalPort).toSorted()).toEqual(
          added.map(({ externalPort }) => externalPort).toSorted(),
        );
        expect(code).toBe(0);
        expect(lab.mappings()).toEqual(before);
      },
    );

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
