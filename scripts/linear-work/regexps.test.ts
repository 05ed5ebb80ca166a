/**
 * Every regular expression of every package takes work that grows with its input. The inputs follow from its own source: what
 * it repeats, and what it looks for, again and again, with and without a beginning that matches.
 */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import ts from 'typescript';
import { describe, expect, it } from 'vitest';
import { packageNames } from '../package-names.mjs';
import { root } from '../workspace.mjs';
import { expectLinearReader, pumped } from './expect-linear.test-support.ts';

/** Of a text. There are so many of them, and a quadratic expression shows at this length. */
const LENGTH = 16_384;

/** The literals in the sources of this package, with where they are. */
function regexpsIn(folder: string): readonly (readonly [where: string, pattern: RegExp])[] {
  return readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .filter((file) => file.endsWith('.ts') && !/\.(test|test-support)\.ts$/.test(file))
    .sort()
    .flatMap((file) => {
      const found: (readonly [string, RegExp])[] = [];
      const visit = (node: ts.Node): void => {
        if (ts.isRegularExpressionLiteral(node)) {
          const [, source = '', flags = ''] = /^\/(.*)\/([a-z]*)$/s.exec(node.text) ?? [];
          found.push([`${file.replaceAll('\\', '/')}: ${node.text}`, new RegExp(source, flags)]);
        }
        ts.forEachChild(node, visit);
      };
      visit(ts.createSourceFile(file, readFileSync(join(folder, file), 'utf8'), ts.ScriptTarget.ES2023));
      return found;
    });
}

/** A character that each part of a pattern matches, in their order. Groups, quantifiers and anchors have none. */
function samplesOf({ source }: RegExp): readonly string[] {
  const PART =
    /\\u([\da-f]{4})|\\x([\da-f]{2})|\\p\{[^}]*\}|\\(.)|\[((?:\\.|[^\]])*)\]|\{[\d,]*\}|\(\?(?:[:=!]|<[=!])|[()|*+?^$]|([^])/gi;
  const CLASSES: Readonly<Record<string, string>> = {
    d: '1',
    w: 'a',
    s: ' ',
    D: 'x',
    W: '-',
    S: 'x',
    b: '',
    B: '',
    t: '\t',
    r: '\r',
    n: '\n',
    0: '\0',
  };
  return [...source.matchAll(PART)].flatMap(([part, unicode, hex, escaped, inner, literal]) => {
    if (unicode !== undefined || hex !== undefined) return [String.fromCharCode(parseInt(unicode ?? hex ?? '', 16))];
    if (part.startsWith('\\p')) return ['\u0001', '\u202e'];
    if (escaped !== undefined) return [CLASSES[escaped] ?? escaped];
    if (inner !== undefined) {
      const isIn = new RegExp(part, part.includes('\\u{') ? 'iu' : 'i');
      return ['a', '1', ' ', '-', 'x', ':', '/', '"', '<', '&', '\u0001', '\u00c3', '\u00a9', '\ud800']
        .filter((one) => isIn.test(one))
        .slice(0, 3);
    }
    return literal === undefined ? [] : [literal];
  });
}

/** What is repeated: each character, and each run of neighbours up to a whole match; and what else might follow. */
function pumpsOf(pattern: RegExp): readonly (readonly [part: string, before: string])[] {
  const samples = samplesOf(pattern).filter((sample) => sample !== '');
  const parts = new Set([...samples, ' ', 'x']);
  for (const start of samples.keys()) {
    for (const end of [start + 2, start + 3, samples.length]) parts.add(samples.slice(start, end).join(''));
  }
  const beginnings = new Set(['', ...samples.map((_one, end) => samples.slice(0, end).join(''))]);
  const few = [...beginnings].filter((_one, at, all) => at < 3 || at === all.length - 1 || at % 4 === 0);
  return [...parts].filter((part) => part !== '').flatMap((part) => few.map((before) => [part, before] as const));
}

const ALL = packageNames(root).flatMap((name) => regexpsIn(join(root, 'packages', name, 'src')));

describe('every regular expression', () => {
  it('is found', () => {
    expect(ALL.length).toBeGreaterThan(50);
    expect(samplesOf(/^a[\d]+%25(?:[^\]]*)\s{1,2}\u0041\.$/)).toEqual([
      'a',
      '1',
      '%',
      '2',
      '5',
      'a',
      '1',
      ' ',
      ' ',
      'A',
      '.',
    ]);
  });

  it.each(ALL)('%s', (_where, pattern) => {
    expect.hasAssertions();
    for (const [part, before] of pumpsOf(pattern)) {
      expectLinearReader(
        (text) => {
          pattern.lastIndex = 0;
          // All matches of a global one, and else the first: replace looks for as many as its callers do.
          return text.replace(pattern, '');
        },
        (length) => pumped(length, part, before, '\n\uffff'),
        LENGTH,
      );
    }
    expect(pattern).toBeInstanceOf(RegExp);
  });
});

it('a quadratic one is caught', () => {
  for (const [pattern, part] of [
    [/%25[^\]]*\]/, '%25'],
    [/\s+$/, ' '],
  ] as const) {
    expect(pumpsOf(pattern).map(([one]) => one)).toContain(part);
    expect(() => {
      expectLinearReader(
        (text) => text.replace(pattern, ''),
        (length) => pumped(length, part, '', '\n\uffff'),
        LENGTH,
      );
    }, String(pattern)).toThrow('half of it');
  }
});
