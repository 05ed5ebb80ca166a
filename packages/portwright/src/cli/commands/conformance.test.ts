/** The command on simulated gateways: in this process's memory, or, where the network is meant, on one that a test gives. */
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, test } from 'vitest';
import { run, runJson, simulated, widestLine, type Run } from '../host.test-support.ts';

interface Document {
  readonly isGood: boolean;
  readonly location: string;
  readonly run: string;
  readonly wasAborted: boolean;
  readonly unexpectedPasses: readonly string[];
  readonly table: unknown;
  readonly results: readonly {
    readonly id: string;
    readonly verdict: string;
    readonly actual: string | null;
    readonly standing: string;
  }[];
}

const folder = mkdtempSync(join(tmpdir(), 'portwright-conformance-'));
afterAll(() => {
  rmSync(folder, { recursive: true });
});

const inFolder = (name: string): string => join(folder, name);

async function check(
  argv: readonly string[],
  options: Parameters<typeof run>[1] = {},
): Promise<{ readonly status: number; readonly report: Document }> {
  const { status, stderr, json } = await runJson(['conformance', ...argv], options);
  // A program is told nothing beside the document.
  expect(stderr).toBe('');
  return { status, report: json as Document };
}

describe('a simulated gateway', () => {
  test('by the book passes all that applies to it, and has its table as before', async () => {
    const { status, report } = await check(['--simulate', 'igd2', '--write', '--disruptive']);
    expect(report.results.filter(({ verdict }) => verdict !== 'pass' && verdict !== 'skip')).toEqual([]);
    expect({ status, ...report }).toMatchObject({ status: 0, isGood: true, table: { missing: [], extra: [] } });
    // What needs a WAN host, a second client and a reboot.
    const passed = report.results.filter(({ verdict }) => verdict === 'pass').map(({ id }) => id);
    for (const id of ['wanip/traffic', 'wanip/add-conflict-718', 'ssdp/alive-byebye']) expect(passed).toContain(id);
  });

  test('is one by the book, too, where the flag of every command stands before the name', async () => {
    const { stdout, ...rest } = await run(['--simulate', 'conformance', '--only', 'desc/get-200-xml']);
    expect(rest).toEqual({ status: 0, stderr: 'Checking Device description ...\n' });
    expect(stdout).toMatch(/^✓ The gateway conforms\.\n1 passed\n/);
  });

  test('is asked nothing that changes it without --write', async () => {
    const { status, report } = await check(['--simulate', 'igd1', '--only', 'wanip/add-lease,wanip/external-ip']);
    expect(status).toBe(0);
    expect(report).toMatchObject({
      table: null,
      results: [
        { id: 'wanip/external-ip', verdict: 'pass' },
        { id: 'wanip/add-lease', verdict: 'skip', actual: 'this run only reads' },
      ],
    });
  });

  test('of a kind that there is not is the same wrong use as it is of simulate', async () => {
    expect(await run(['conformance', '--simulate', 'mikrotic'])).toEqual({
      status: 2,
      stdout: '',
      stderr: 'portwright: unknown persona "mikrotic" (Did you mean mikrotik?). See: portwright simulate --list\n',
    });
  });

  test('is asked the same by the same seed', async () => {
    const argv = ['--simulate', 'igd2', '--write', '--only', 'wanip/add-lease', '--seed', '7'];
    const [one, other] = [await check(argv), await check(argv)];
    expect(one.report.run).toBe(other.report.run);
    expect((await check([...argv.slice(0, -1), '8'])).report.run).not.toBe(one.report.run);
  });
});

describe('which checks', () => {
  test('--only may be given several times, with commas', async () => {
    const argv = ['--simulate', 'igd2', '--only', 'desc/get-200-xml, desc/no-doctype', '--only', 'wancic/*'];
    const { report } = await check(argv);
    const ids = report.results.map(({ id }) => id);
    expect(ids).toEqual(['desc/get-200-xml', 'desc/no-doctype', 'wancic/common-link', 'wancic/counters']);
  });

  test('an id that means nothing is wrong use, before anything is sent', async () => {
    const hint = 'Ids start with an area, such as gena/*. See: portwright conformance --list';
    const { status, json } = await runJson(['conformance', '--simulate', 'igd2', '--only', 'wan/*']);
    expect(status).toBe(2);
    const message = '--only: no requirement matches "wan/*"';
    expect(json).toMatchObject({ error: { kind: 'usage', code: 'bad-value', message, hint } });
    expect(await run(['conformance', '--list', '--only', 'desc/*,gena'])).toEqual({
      status: 2,
      stdout: '',
      stderr: expect.stringMatching(/^portwright: --only: no requirement matches "gena"\. Ids start/) as string,
    });
  });

  test('--list tells them all, with their level, their kind and their clause', async () => {
    const { status, json } = await runJson(['conformance', '--list']);
    expect(status).toBe(0);
    const { requirements } = json as { readonly requirements: readonly { readonly id: string }[] };
    expect(requirements.length).toBeGreaterThan(90);
    expect(requirements).toContainEqual({
      area: 'gena',
      id: 'gena/unknown-sid',
      sentence: 'The gateway answers an unknown SID with 412.',
      clause: 'UDA 1.1, 4.1.3 and 4.1.4',
      level: 'must',
      kind: 'read',
    });
    const { stdout } = await run(['conformance', '--list', '--only', 'gena/unknown-sid,wanip/traffic']);
    expect(stdout).toBe(
      [
        'gena/unknown-sid  must      read',
        '    The gateway answers an unknown SID with 412.',
        '    UDA 1.1, 4.1.3 and 4.1.4',
        '',
        'wanip/traffic     must      write       needs --wan-host',
        '    A packet from the WAN to a mapped port reaches the internal client.',
        '    WANIPConnection:1, ExternalPort; WANIPConnection:2, 2.3.18 and 2.5.16.5',
        '',
        '2 requirements. Without --write, only those marked "read" are checked.',
        '',
      ].join('\n'),
    );
  });
});

describe('a gateway on the network', () => {
  test('without UPnP is checked by PCP and NAT-PMP, found by a search or by its address', async () => {
    const only = ['--only', 'ssdp/msearch-all,pcp/announce,nat-pmp/external-address'];
    for (const gateway of [[], ['--gateway', 'pcp://192.168.1.1'], ['--gateway', 'nat-pmp://192.168.1.1']]) {
      const { container } = simulated({ protocols: ['pcp', 'nat-pmp'] });
      const { status, report } = await check([...only, ...gateway], { container });
      expect({ status, location: report.location }).toEqual({ status: 0, location: 'pcp://192.168.1.1' });
      expect(report.results.map(({ id, verdict }) => `${id}: ${verdict}`)).toEqual([
        'ssdp/msearch-all: skip',
        'pcp/announce: pass',
        'nat-pmp/external-address: pass',
      ]);
    }
  });

  test('that answers nothing on port 5351 is no gateway, and the error says what to do', async () => {
    const { container } = simulated();
    const { status, stderr } = await run(['conformance', '--gateway', 'pcp://192.168.1.1'], { container });
    expect({ status, stderr }).toEqual({
      status: 1,
      stderr:
        'portwright: no PCP or NAT-PMP server answered on UDP port 5351 of 192.168.1.1\n' +
        '  Turn on PCP or NAT-PMP in the settings of the router, or leave the address out to search for the gateway.\n',
    });
  });

  test('is found by a search, or by its URL', async () => {
    const only = ['--only', 'desc/get-200-xml'];
    const { container } = simulated();
    const found = await check(only, { container });
    expect(found).toMatchObject({ status: 0, report: { location: 'http://192.168.1.1:5000/description.xml' } });
    const { container: another } = simulated();
    const url = ['--gateway', 'http://192.168.1.1:5000/description.xml'];
    expect(await check([...only, ...url], { container: another })).toMatchObject({ status: 0 });
  });

  test('that is not there is no report, but an error', async () => {
    const { container } = simulated({ lanAddress: '192.168.1.9' });
    const argv = ['conformance', '--gateway', 'http://192.168.1.1:5000/description.xml'];
    const { status, json } = await runJson(argv, { container });
    expect(status).toBe(1);
    expect(json).toMatchObject({ error: { kind: 'transport' } });
  });

  test('whose URL is that of something else is told so, and asked nothing else', async () => {
    const { container, router } = simulated();
    const { status, stdout, stderr } = await run(['conformance', '--gateway', 'http://192.168.1.1:5000/x'], {
      container,
    });
    expect({ status, stdout }).toEqual({ status: 1, stdout: '' });
    expect(stderr.replaceAll(/\s+/g, ' ')).toBe(
      'portwright: expected a device description at http://192.168.1.1:5000/x, found HTTP 404 ' +
        'Use the LOCATION from the gateway’s answer to a search, or leave the URL out to search for the gateway. ',
    );
    expect(router.exchanges()).toHaveLength(1);
  });

  const shortLived = { maxAge: 60 };
  // Where nothing passes, no gateway is good.
  const only = ['--only', 'ssdp/maxage-1800,desc/get-200-xml'];
  const standing = ({ report }: { readonly report: Document }): string | undefined =>
    report.results.find(({ id }) => id === 'ssdp/maxage-1800')?.standing;

  test('may miss what is recommended, unless it is --strict', async () => {
    const mild = await check(only, { container: simulated(shortLived).container });
    expect([mild.status, standing(mild)]).toEqual([0, 'warned']);
    const strict = await check([...only, '--strict'], { container: simulated(shortLived).container });
    expect([strict.status, standing(strict)]).toEqual([1, 'failed']);
  });

  test('may miss what is known; what is not so is an error', async () => {
    const list = inFolder('known.txt');
    writeFileSync(list, '# a router\nssdp/maxage-1800 | UDA 1.1, 1.3.3 | it is a minute\n');
    const argv = [...only, '--strict', '--known-failures', list];
    const known = await check(argv, { container: simulated(shortLived).container });
    expect([known.status, standing(known)]).toEqual([0, 'known-failure']);
    const passing = await check(argv, { container: simulated().container });
    expect(passing).toMatchObject({ status: 1, report: { unexpectedPasses: ['ssdp/maxage-1800'] } });
    const other = inFolder('other.txt');
    writeFileSync(other, 'desc/get-200-xml | UDA 1.0, 2 | it does, and this list is wrong\n');
    const both = await check([...argv, '--known-failures', other], { container: simulated(shortLived).container });
    expect(both).toMatchObject({ status: 1, report: { unexpectedPasses: ['desc/get-200-xml'] } });
    expect(standing(both)).toBe('known-failure');
  });

  test('that fails is told with clause, expected, actual and the wire, and by the status', async () => {
    const { container } = simulated(shortLived);
    const { status, stdout, stderr } = await run(['conformance', ...only, '--strict'], { container });
    expect({ status, stderr }).toEqual({
      status: 1,
      stderr: 'Checking Discovery (SSDP) ...\nChecking Device description ...\n',
    });
    expect(stdout).toContain('✗ The gateway does not conform: 1 failure.');
    expect(stdout).toMatch(/^ +clause +UDA 1\.0, 1\.2\.3/m);
    expect(stdout).toMatch(/^ +expected +a max-age of at least 1800$/m);
    expect(stdout).toMatch(/^ +actual +60$/m);
    expect(stdout).toMatch(/^ +> M-SEARCH \* HTTP\/1\.1$/m);
    expect(stdout).toMatch(/^ +< CACHE-CONTROL: max-age=60$/m);
  });
});

describe('files', () => {
  test('a report is written in each format that its ending says', async () => {
    const names = ['a.html', 'a.json', 'a.xml', 'a.tap', 'a.txt'];
    const argv = names.flatMap((name) => ['--report', inFolder(name)]);
    const { status, stdout } = await run(['conformance', '--simulate', 'igd2', '--only', 'desc/get-200-xml', ...argv]);
    expect(status).toBe(0);
    expect(stdout).toContain(`\nReports written: ${names.map(inFolder).join(', ')}\n`);
    const [html, json, xml, tap, txt] = names.map((name) => readFileSync(inFolder(name), 'utf8'));
    expect(html).toMatch(/^<!doctype html>/i);
    expect(JSON.parse(json ?? '')).toMatchObject({ format: 'portwright-conformance-report', isGood: true });
    expect(xml).toMatch(/^<\?xml [^>]*\?>\s*<testsuites/);
    expect(tap).toMatch(/^TAP version 14\n/);
    expect(txt).toMatch(/^✓ The gateway conforms\.\n/);
  });

  test('that could not be written in the end is told, and the others are written', async () => {
    const gone = inFolder('gone');
    mkdirSync(gone);
    const { container } = simulated({
      onExchange: () => {
        rmSync(gone, { recursive: true, force: true });
      },
    });
    const files = ['--report', `${gone}/r.html`, '--report', inFolder('b.txt')];
    const argv = ['conformance', '--only', 'desc/get-200-xml', ...files];
    const { status, stdout, stderr } = await run(argv, { container });
    expect(status).toBe(1);
    expect(stdout).toContain(`\nReports written: ${inFolder('b.txt')}\n`);
    expect(stderr).toContain(
      `portwright: cannot write the report ${gone}/r.html: no such file or folder\n  Pass another file with --report.\n`,
    );
  });

  test('--tap prints it so', async () => {
    const { status, stdout } = await run(['conformance', '--simulate', 'igd2', '--only', 'desc/get-200-xml', '--tap']);
    expect(status).toBe(0);
    expect(stdout).toMatch(/^TAP version 14\n/);
    expect(stdout).toMatch(/^ok 1 - desc\/get-200-xml/m);
  });

  const refused: readonly (readonly [what: string, argv: readonly string[], message: string])[] = [
    ['a folder that is not there', ['--report', inFolder('no/a.html')], 'no/a.html: no such folder'],
    ['a file for a folder', ['--report', inFolder('list.txt/a.html')], 'list.txt/a.html: no such folder'],
    ['a folder for a file', ['--report', inFolder('folder.html')], 'folder.html: is a folder'],
    ['no known failures', ['--known-failures', inFolder('none')], 'none: no such file or folder'],
    [
      'no second list',
      ['--known-failures', inFolder('none'), '--known-failures', inFolder('list.txt')],
      'none: no such file',
    ],
    [
      'known failures that are none',
      ['--known-failures', inFolder('list.txt')],
      'list.txt: line 1 of the known failures must be',
    ],
    [
      'a known failure of nothing',
      ['--known-failures', inFolder('stray.txt')],
      'stray.txt: line 2 of the known failures: there is no requirement gena',
    ],
    [
      'a report in the place of another',
      ['--report', inFolder('a.html'), '--report', `${folder}/folder.html/../a.html`],
      'a.html: is given twice',
    ],
  ];
  writeFileSync(inFolder('list.txt'), 'nothing\n');
  writeFileSync(inFolder('stray.txt'), '# a router\ngena | UDA 1.1 | it has none\n');
  mkdirSync(inFolder('folder.html'));

  test.each(refused)('%s is refused before the gateway is asked', async (_what, argv, message) => {
    const { container, router } = simulated();
    const before = readdirSync(folder);
    const { status, stdout, stderr } = await run(['conformance', ...argv], { container });
    expect({ status, stdout }).toEqual({ status: 2, stdout: '' });
    expect(stderr.replaceAll(/\s+/g, ' ')).toContain(message);
    expect(router.exchanges()).toEqual([]);
    expect(readdirSync(folder)).toEqual(before);
  });
});

describe('while it runs', () => {
  const argv = ['conformance', '--simulate', 'igd2', '--only', 'desc/*'];

  test('a terminal shows the check on one line, which is gone at the end', async () => {
    const { status, stderr, stdout } = await run(argv, { isTTY: true });
    expect(status).toBe(0);
    const shown = stderr.split('\r\u001b[K');
    expect(shown[0]).toMatch(/^\[ 1\/\d\d] desc\/get-200-xml {2}\S/);
    expect(shown.at(-1)).toBe('');
    expect(stderr).not.toContain('\n');
    expect(Math.max(...shown.map(widestLine))).toBeLessThan(80);
    expect(widestLine(stdout)).toBeLessThanOrEqual(80);
  });

  test('a pipe has a line for each area, and a program nothing', async () => {
    const ids = ['--only', 'desc/*,soap/any-prefix,wanip/delete,wanip/external-ip'];
    const { stderr } = await run(['conformance', '--simulate', 'igd2', '--write', ...ids]);
    const [desc, soap, wanip] = ['Device description', 'Control (SOAP)', 'WANIPConnection'];
    const areas = [desc, soap, wanip, `${desc} again`, `${soap} again`, `${wanip} again`];
    expect(stderr).toBe(areas.map((area) => `Checking ${area} ...\n`).join(''));
    expect((await run([...argv, '--json'], { isTTY: true })).stderr).toBe('');
    expect((await run([...argv, '--json'])).stderr).toBe('');
  });

  /** Ctrl-C as soon as something is mapped. */
  async function interrupted(options: readonly string[], isTTY: boolean): Promise<Run & { readonly left: number }> {
    const interrupt = new AbortController();
    const { container, router } = simulated({
      onExchange: () => {
        if (router.mappings().length > 0) interrupt.abort();
      },
    });
    const result = await run(['conformance', '--write', '--only', 'wanip/*', ...options], {
      container,
      isTTY,
      signal: interrupt.signal,
    });
    return { ...result, left: router.mappings().length };
  }

  test('Ctrl-C takes back what was made, prints what there is, and says that it was interrupted', async () => {
    const { status, stdout, stderr, left } = await interrupted([], true);
    expect({ status, left }).toEqual({ status: 130, left: 0 });
    expect(stdout).toContain('No verdict: the run is incomplete.');
    expect(stderr).toContain('Interrupted: deleting its mappings (Ctrl-C again leaves them to the next run)\r');
    expect(stderr).toMatch(/warning: The run was interrupted; its mappings are deleted\.\n$/);
  });

  test('a pipe is told at once what a second Ctrl-C would leave', async () => {
    const { stderr } = await interrupted([], false);
    expect(stderr).toContain('\nInterrupted: deleting its mappings (Ctrl-C again leaves them to the next run)\n');
  });

  test('a program gets a document all the same', async () => {
    const { status, stdout, left } = await interrupted(['--json'], false);
    expect({ status, left }).toEqual({ status: 130, left: 0 });
    expect(JSON.parse(stdout)).toMatchObject({
      wasAborted: true,
      isGood: false,
      warnings: ['The run was interrupted; its mappings are deleted.'],
    });
  });

  test('where nothing is made, nothing is said to be taken back', async () => {
    const interrupt = new AbortController();
    const { container, router } = simulated({
      onExchange: () => {
        if (router.exchanges().length > 20) interrupt.abort();
      },
    });
    const { status, stderr } = await run(['conformance'], { container, signal: interrupt.signal });
    expect(status).toBe(130);
    expect(stderr).toMatch(/\nwarning: The run was interrupted\.\n$/);
  });

  test('Ctrl-C before there is a gateway makes no report', async () => {
    const { container } = simulated();
    const { status, json } = await runJson(['conformance'], { container, signal: AbortSignal.abort() });
    expect({ status, json }).toMatchObject({ status: 130, json: { error: { kind: 'transport', code: 'aborted' } } });
  });
});
