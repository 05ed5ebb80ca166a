import { describe, expect, test } from 'vitest';
import { conclude, type Report } from '../run/result.ts';
import { columnsOf } from './columns.ts';
import {
  flawedReport,
  goodReport,
  hostileGatewayReport,
  hostileReport,
  RUN,
  toldOnce,
} from './reports.test-support.ts';
import { reportText, resultLine, type Style } from './text.ts';

/** What must never reach a terminal: all controls but the line feed, and marks that turn a line around. */
const UNSAFE = /[^\P{Cc}\n]|[\p{Zl}\p{Zp}\p{Bidi_Control}\p{Cs}]/u;

const MAKERS: readonly (readonly [string, () => Promise<Report>])[] = [
  ['a good gateway', goodReport],
  ['a flawed gateway', flawedReport],
  ['a hostile gateway', hostileGatewayReport],
  ['hostile texts', (): Promise<Report> => Promise.resolve(hostileReport())],
];

describe.each(MAKERS)('%s', (_name, make) => {
  test.each([80, 50])('fits into %d columns, without controls', async (width) => {
    const report = await make();
    const text = reportText(report, { width });
    const lines = [...text.split('\n'), ...report.results.map((result) => resultLine(result, { width }))];
    expect(lines.filter((line) => columnsOf(line) > width)).toEqual([]);
    expect(lines.filter((line) => UNSAFE.test(line))).toEqual([]);
  });

  test('has no controls in a pipe either, where nothing is broken', async () => {
    const text = reportText(await make(), { width: Infinity });
    expect(UNSAFE.test(text)).toBe(false);
  });
});

test('a good gateway is a verdict, counts and facts', async () => {
  const report = await goodReport();
  const count = (verdict: string): number => toldOnce(report).filter((one) => one.verdict === verdict).length;
  expect(reportText(report)).toBe(
    [
      '✓ The gateway conforms.',
      `${count('pass')} passed, ${count('skip')} skipped`,
      '',
      'Gateway   Simulated router (Portwright Simulated IGD:2 1) at',
      '          http://192.168.1.1:5000/description.xml',
      `Run       ${report.run}: with writes, disruptive, seed 7`,
      '',
    ].join('\n'),
  );
});

test('a failure has its requirement, what was expected and seen, and the wire', async () => {
  const text = reportText(await flawedReport());
  expect(text).toMatch(/^✗ The gateway does not conform: \d+ failures, 1 unexpected pass\.\n\d+ failed, /);
  expect(text).toContain(
    [
      '✗ failed  wanip/add-lease',
      '  The gateway accepts and applies a finite lease, or refuses it with 725.',
      '  clause    WANIPConnection:1, 2.4.16 (must)',
      '  expected  a success, or 725',
      '  actual    a fault with 718',
      '    +0 ms: POST /ctl/IPConn AddPortMapping → 500, fault 718',
      '    > POST /ctl/IPConn HTTP/1.1',
    ].join('\n'),
  );
  expect(text).toMatch(/\n {4}< \(\d+ more characters\)\n/);
});

test('a read that comes out the same after the writes is not told twice', () => {
  const text = reportText(hostileReport());
  expect(text.match(/! warning {2}soap\/warn/g)).toHaveLength(1);
  expect(text).toContain('1 warning');
});

test('what the run did to the gateway is told', () => {
  const entry = {
    remoteHost: '5.5.5.5',
    externalPort: 40_000,
    protocol: 'UDP',
    internalPort: 80,
    internalClient: '192.168.1.2',
    isEnabled: true,
    description: 'a game',
  };
  const report = conclude({
    ...RUN,
    results: [],
    table: { missing: [], extra: [entry], others: [{ ...entry, internalClient: '192.168.1.9' }] },
    uncompared: null,
    swept: [entry],
    leftovers: ['a pinhole'],
    wasAborted: true,
  });
  expect(reportText(report, { width: Infinity })).toBe(
    [
      '✗ The gateway does not conform: the run changed the mapping table, 1 thing left behind, the run is incomplete.',
      'nothing was checked',
      '',
      'Gateway   http://192.168.1.1/',
      'Run       r, 2026-01-02T03:04:05Z: with writes, seed 7',
      'Removed   left behind by an earlier run: UDP 40000 from 5.5.5.5 to 192.168.1.2:80, "a game"',
      'Table     new: UDP 40000 from 5.5.5.5 to 192.168.1.2:80, "a game"',
      'Left      a pinhole',
      'Cut off   the run ended early: it was aborted, or its time was up',
      'Note      mapped by another program during the run: UDP 40000 from 5.5.5.5 to 192.168.1.9:80, "a game"',
      '',
    ].join('\n'),
  );
});

test('a style puts colour on it, and changes nothing else', async () => {
  const report = await flawedReport();
  const style: Style = (name, text) => `<${name}>${text}</${name}>`;
  const styled = reportText(report, { style });
  expect(styled).toContain('<red>✗ failed</red>  <bold>wanip/add-lease</bold>');
  expect(styled.replace(/<\/?(?:bold|dim|red|green|yellow|cyan)>/g, '').replace(/ +$/gm, '')).toBe(reportText(report));
});

test('a result is one line as it comes', async () => {
  const { results } = await flawedReport();
  const line = (id: string): string | undefined => {
    const result = results.find(({ requirement }) => requirement.id === id);
    return result === undefined ? undefined : resultLine(result);
  };
  expect(line('wanip/add-lease')).toMatch(
    /^✗ wanip\/add-lease {2}expected a success, or 725, saw a fault with 718 {2}\d+ ms$/,
  );
  expect(line('wanip/nat-rsip')).toMatch(/^✓ wanip\/nat-rsip {2}GetNATRSIPStatus returns two booleans\. {2}\d+ ms$/);
});
