import { expect, it } from 'vitest';
import { notKilled, table, withoutUncovered } from './outcome.mjs';

const SOURCE = `export function isFree(port, taken) {
  if (port > 0 && !taken.includes(port)) {
    return 'a text that is longer than what a line of the list has room for, by far';
  }
  return false;
}
`;

function mutant(
  status: string,
  start: readonly [number, number],
  end: readonly [number, number],
  replacement?: string,
) {
  const [[line, column], [endLine, endColumn]] = [start, end];
  const location = { start: { line, column }, end: { line: endLine, column: endColumn } };
  return { mutatorName: 'AMutator', status, location, ...(replacement === undefined ? {} : { replacement }) };
}

const report = {
  files: {
    'a/free.ts': {
      source: SOURCE,
      mutants: [
        mutant('NoCoverage', [5, 10], [5, 15], 'true'),
        mutant('Survived', [3, 12], [3, 85], '""'),
        mutant('Survived', [2, 7], [2, 15], 'port >= 0'),
        mutant('Survived', [2, 42], [4, 4], '{}'),
        mutant('Timeout', [2, 19], [2, 20]),
        mutant('Killed', [2, 7], [2, 40], 'true'),
        mutant('RuntimeError', [2, 7], [2, 40], 'false'),
        mutant('Killed', [1, 37], [6, 2], '{}'),
      ],
    },
    'a/none.ts': { source: '', mutants: [] },
  },
};

it('the table counts what became of the mutants of each file, and of all', () => {
  expect(table(report)).toBe(
    [
      'file       killed  survived  timed out  no coverage   score',
      'a/free.ts       3         3          1            1  37.5 %',
      'a/none.ts       0         0          0            0       -',
      'all             3         3          1            1  37.5 %',
    ].join('\n'),
  );
});

it('the list has a line for each mutant that was not killed, in the order of the source', () => {
  expect(notKilled(report)).toBe(
    [
      'Survived:',
      'a/free.ts:2:7 AMutator: port > 0 -> port >= 0',
      "a/free.ts:2:42 AMutator: { return 'a text that is longe ...  list has room for, by far'; } -> {}",
      'a/free.ts:3:12 AMutator: \'a text that is longer than wh ... the list has room for, by far\' -> ""',
      '',
      'Run by no test:',
      'a/free.ts:5:10 AMutator: false -> true',
      '',
      'Timed out:',
      'a/free.ts:2:19 AMutator: ! -> ',
      '',
    ].join('\n'),
  );
});

it('the list is empty where all were killed', () => {
  expect(notKilled({ files: { 'a.ts': { source: '', mutants: [mutant('Killed', [1, 1], [1, 1], '')] } } })).toBe('');
});

it('what survived is tried again if no single test covers it', () => {
  const [killed, covered, uncovered, unknown] = [
    mutant('Killed', [1, 1], [1, 1]),
    { ...mutant('Survived', [1, 1], [1, 1]), coveredBy: ['1'] },
    { ...mutant('Survived', [1, 1], [1, 1]), coveredBy: [] },
    mutant('Timeout', [1, 1], [1, 1]),
  ];
  const file = { source: SOURCE, mutants: [killed, covered, uncovered, unknown] };
  expect(withoutUncovered({ files: { 'a.ts': file } })).toEqual({
    files: { 'a.ts': { source: SOURCE, mutants: [killed, covered] } },
  });
});
