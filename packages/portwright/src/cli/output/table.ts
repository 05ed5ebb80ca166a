import type { Terminal } from './terminal.ts';
import { pad, widthOf, wrap } from './width.ts';

export interface Column {
  readonly title: string;
  /** Numbers are aligned right. */
  readonly side?: 'left' | 'right';
  /** Wraps if the terminal is too narrow. At most one column of a table. */
  readonly isFlexible?: boolean;
}

const GAP = '  ';

/** A table with aligned columns. Each line ends with a newline. */
export function table(terminal: Terminal, columns: readonly Column[], rows: readonly (readonly string[])[]): string {
  const widths = columns.map(({ title }, index) =>
    Math.max(widthOf(title), ...rows.map((row) => widthOf(row[index] ?? ''))),
  );
  const excess = widths.reduce((sum, width) => sum + width + GAP.length, -GAP.length) - terminal.width;
  const fitted = widths.map((width, index) =>
    columns[index]?.isFlexible === true && excess > 0 ? Math.max(8, width - excess) : width,
  );
  const line = (cells: readonly string[]): string => {
    const wrapped = cells.map((cell, index) => linesOf(cell, fitted[index] ?? 0));
    return Array.from({ length: Math.max(...wrapped.map((lines) => lines.length)) }, (_, at) =>
      columns
        .map(({ side = 'left' }, index) => pad(wrapped[index]?.[at] ?? '', fitted[index] ?? 0, side))
        .join(GAP)
        .trimEnd(),
    ).join('\n');
  };
  const head = terminal.style('bold', line(columns.map(({ title }) => title)));
  return [head, ...rows.map(line), ''].join('\n');
}

/** Names and values, one pair per line. Pairs with null are left out. */
export function definitions(
  terminal: Terminal,
  pairs: readonly (readonly [name: string, value: string | null])[],
): string {
  const known = pairs.flatMap(([name, value]) => (value === null ? [] : [[name, value] as const]));
  const width = Math.max(...known.map(([name]) => widthOf(name)));
  return known
    .map(([name, value]) => {
      const [first = '', ...rest] = linesOf(value, terminal.width - width - GAP.length);
      const lines = [terminal.style('dim', pad(name, width)) + GAP + first];
      return [...lines, ...rest.map((line) => pad('', width) + GAP + line), ''].join('\n');
    })
    .join('');
}

/** Breaks between words, and inside a word that is too wide: cut text would be lost. */
function linesOf(text: string, width: number): readonly string[] {
  return wrap(text, width)
    .split('\n')
    .flatMap((line) => broken(line, width));
}

function broken(text: string, width: number): readonly string[] {
  if (widthOf(text) <= width) return [text];
  const lines: string[] = [];
  let line = '';
  for (const character of text) {
    if (line !== '' && widthOf(line + character) > width) {
      lines.push(line);
      line = '';
    }
    line += character;
  }
  return [...lines, line];
}
