import { printable } from '@portwright/core';
import { describe, expect, it } from 'vitest';
import { bitRate, bytes, duration, elapsed, makeOf } from './phrases.ts';
import { definitions, table } from './table.ts';
import { terminalOf, type Terminal } from './terminal.ts';
import { printableJson } from './printable-json.ts';
import { pad, truncate, widthOf, wrap } from './width.ts';

const narrow = (columns: number): Terminal => terminalOf({ write: () => true, isTTY: true, columns });
const pipe = terminalOf({ write: () => true });

describe('width', () => {
  it.each([
    ['', 0],
    ['abc', 3],
    ['Zoë', 3],
    ['Zoe\u0308', 3],
    ['路由器', 6],
    ['ルーター', 8],
    ['공유기', 6],
    ['🚀', 2],
    ['->', 2],
  ])('of %j is %i', (text, width) => {
    expect(widthOf(text)).toBe(width);
    expect(widthOf(pad(text, 10))).toBe(10);
    expect(widthOf(pad(text, 10, 'right'))).toBe(10);
  });

  it.each([
    ['abcdef', 6, 'abcdef'],
    ['abcdef', 5, 'abcd…'],
    ['路由器', 5, '路由…'],
    ['路由器', 4, '路…'],
    ['abc', Infinity, 'abc'],
    ['abc', 1, '…'],
  ])('truncates %j to %f columns as %j', (text, width, expected) => {
    expect(truncate(text, width)).toBe(expected);
  });

  it('wraps between words', () => {
    expect(wrap('one two three four', 9)).toBe('one two\nthree\nfour');
    expect(wrap('one two three', 9, '  ')).toBe('  one two\n  three');
    expect(wrap('a-very-long-word b', 5)).toBe('a-very-long-word\nb');
    expect(wrap('one two', Infinity)).toBe('one two');
    expect(wrap('', 5)).toBe('');
  });
});

describe('untrusted text', () => {
  const nasty = 'a\u001b[31mred\u0007\r\n\u009b2J\u202eevil\u2069\u007f';

  it('loses what is not seen, and shows it as escapes in JSON', () => {
    const hidden = 'pay\u200bpal\u00ad\ufeff\u{e0041}';
    expect(printable(hidden)).toBe('paypal');
    expect(printableJson(hidden)).toBe('"pay\\u200bpal\\u00ad\\ufeff\\udb40\\udc41"');
    expect(JSON.parse(printableJson(hidden))).toBe(hidden);
  });

  it('loses what could steer a terminal', () => {
    expect(printable(nasty)).toBe('a [31mred 2J evil');
  });

  it('keeps it in JSON, escaped', () => {
    const json = printableJson({ [nasty]: [nasty] });
    expect(json).not.toMatch(/[\u0000-\u0009\u000b-\u001f\u007f-\u009f\u202a-\u202e\u2066-\u2069]/);
    expect(JSON.parse(json)).toEqual({ [nasty]: [nasty] });
  });
});

describe('tables', () => {
  const columns = [
    { title: 'PORT', side: 'right' },
    { title: 'DESCRIPTION', isFlexible: true },
    { title: 'LEASE' },
  ] as const;
  const rows = [
    ['80', 'web', '1 hour'],
    ['7777', 'a rather long description of a game', 'permanent'],
  ];

  it('are aligned', () => {
    expect(table(pipe, columns, rows)).toBe(
      [
        'PORT  DESCRIPTION                          LEASE',
        '  80  web                                  1 hour',
        '7777  a rather long description of a game  permanent',
        '',
      ].join('\n'),
    );
  });

  it('fit into the terminal: the flexible column goes on on the next line', () => {
    expect(table(narrow(40), columns, rows)).toBe(
      [
        'PORT  DESCRIPTION              LEASE',
        '  80  web                      1 hour',
        '7777  a rather long            permanent',
        '      description of a game',
        '',
      ].join('\n'),
    );
  });

  it('of names and values leave out what is not known', () => {
    const pairs = [
      ['Name', 'a rather long name'],
      ['Unknown', null],
      ['Address', '5.5.5.1'],
    ] as const;
    expect(definitions(narrow(20), pairs)).toBe('Name     a rather\n         long name\nAddress  5.5.5.1\n');
  });

  it('lose nothing of a word that is too long', () => {
    expect(definitions(narrow(20), [['URL', 'http://192.168.1.1/路由器']])).toBe(
      'URL  http://192.168.\n     1.1/路由器\n',
    );
  });
});

describe('phrases', () => {
  it.each([
    [0, '0 seconds'],
    [1, '1 second'],
    [59, '59 seconds'],
    [60, '1 minute'],
    [3599, '59 minutes 59 seconds'],
    [3600, '1 hour'],
    [3601, '1 hour'],
    [5400, '1 hour 30 minutes'],
    [86_400, '1 day'],
    [604_800, '7 days'],
    [4_294_967_295, '49710 days 6 hours'],
  ])('%i s is %j', (seconds, text) => {
    expect(duration(seconds)).toBe(text);
  });

  it.each([
    [0, '0.0 ms'],
    [9.94, '9.9 ms'],
    [12.4, '12 ms'],
    [999, '999 ms'],
    [2041, '2.0 s'],
  ])('%f ms is %j', (ms, text) => {
    expect(elapsed(ms)).toBe(text);
  });

  it.each([
    [0, '0 B', '0 bit/s'],
    [999, '999 B', '999 bit/s'],
    [1000, '1 kB', '1 kbit/s'],
    [1234, '1.2 kB', '1.2 kbit/s'],
    [100_000_000, '100 MB', '100 Mbit/s'],
    [4_294_967_295, '4.3 GB', '4.3 Gbit/s'],
    [5_000_000_000_000, '5 TB', '5 Tbit/s'],
    [5_000_000_000_000_000, '5000 TB', '5000 Tbit/s'],
  ])('%i is %j, and as a rate %j', (value, amount, rate) => {
    expect([bytes(value), bitRate(value)]).toEqual([amount, rate]);
  });

  it.each([
    ['AVM', 'FRITZ!Box 7590', 'avm', 'AVM FRITZ!Box 7590'],
    ['Debian', 'Debian router', '1', 'Debian router 1'],
    ['TP-Link', 'Archer AX72', null, 'TP-Link Archer AX72'],
    [null, null, null, null],
    ['\u001b[2J', ' ', '', '[2J'],
  ])('%j, %j, %j make %j', (manufacturer, modelName, modelNumber, text) => {
    expect(makeOf({ manufacturer, modelName, modelNumber } as Parameters<typeof makeOf>[0])).toBe(text);
  });
});

describe('a terminal', () => {
  it('is at most 80 columns wide, and a pipe has no end', () => {
    expect([narrow(40).width, narrow(200).width, narrow(0).width, pipe.width]).toEqual([40, 80, 80, Infinity]);
  });

  it('has colours only where it shows them', () => {
    const styled = (output: object): string => terminalOf({ write: () => true, ...output }).style('red', 'x');
    expect(styled({ isTTY: true, hasColors: () => true })).toBe('\u001b[31mx\u001b[39m');
    expect(styled({ isTTY: true, hasColors: () => false })).toBe('x');
    expect(styled({ hasColors: () => true })).toBe('x');
    expect(styled({})).toBe('x');
  });
});
