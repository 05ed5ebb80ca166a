import type { Terminal } from './terminal.ts';
import { pad, truncate, widthOf } from './width.ts';

export interface Column {
  readonly title: string;
  /** Numbers stand right. */
  readonly side?: 'left' | 'right';
  /** What gives way where the terminal is too narrow; one column of a table. */
  readonly isFlexible?: boolean;
}

const GAP = '  ';

/** A table with aligned columns; the lines end with a newline. */
export function table(terminal: Terminal, columns: readonly Column[], rows: readonly (readonly string[])[]): string {
  const widths = columns.map(({ title }, index) =>
    Math.max(widthOf(title), ...rows.map((row) => widthOf(row[index] ?? ''))),
  );
  const excess = widths.reduce((sum, width) => sum + width + GAP.length, -GAP.length) - terminal.width;
  const fitted = widths.map((width, index) =>
    columns[index]?.isFlexible === true && excess > 0 ? Math.max(8, width - excess) : width,
  );
  const line = (cells: readonly string[]): string =>
    columns
      .map(({ side = 'left' }, index) =>
        pad(truncate(cells[index] ?? '', fitted[index] ?? 0), fitted[index] ?? 0, side),
      )
      .join(GAP)
      .trimEnd();
  const head = terminal.style('bold', line(columns.map(({ title }) => title)));
  return [head, ...rows.map(line), ''].join('\n');
}

/** Names and values under one another; what is null is left out. */
export function definitions(
  terminal: Terminal,
  pairs: readonly (readonly [name: string, value: string | null])[],
): string {
  const known = pairs.flatMap(([name, value]) => (value === null ? [] : [[name, value] as const]));
  const width = Math.max(...known.map(([name]) => widthOf(name)));
  return known
    .map(([name, value]) => {
      const room = terminal.width - width - GAP.length;
      return `${terminal.style('dim', pad(name, width))}${GAP}${truncate(value, room)}\n`;
    })
    .join('');
}
