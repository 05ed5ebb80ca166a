/** The outcome of a run as text: a table of the files, and the mutants that no test caught. */

/**
 * @typedef {object} Position
 * @property {number} line from 1
 * @property {number} column from 1
 */

/**
 * @typedef {object} Mutant
 * @property {string} mutatorName
 * @property {string} [replacement]
 * @property {string} status
 * @property {readonly string[]} [coveredBy] tests
 * @property {{ start: Position, end: Position }} location
 */

/** The parts of Stryker's report that are used here. @typedef {{ files: Readonly<Record<string, { source: string, mutants: readonly Mutant[] }>> }} Report */

/** Columns by the status of their mutants. An error outside of a test fails a run of the tests, too. */
const COLUMNS = {
  killed: ['Killed', 'RuntimeError', 'CompileError'],
  survived: ['Survived'],
  'timed out': ['Timeout'],
  'no coverage': ['NoCoverage'],
};

/** Sections of the list, by status. A timeout is a loop without an end, mostly. */
const LISTED = { Survived: 'Survived', NoCoverage: 'Run by no test', Timeout: 'Timed out' };

/**
 * A row for each file, and one for all. The score is the share of the mutants that were killed, without timeouts.
 *
 * @param {Report} report
 * @returns {string}
 */
export function table({ files }) {
  const rows = Object.entries(files).map(([file, { mutants }]) => row(file, mutants));
  const all = row(
    'all',
    Object.values(files).flatMap(({ mutants }) => mutants),
  );
  const lines = [['file', ...Object.keys(COLUMNS), 'score'], ...rows, all];
  /** @param {number} column */
  const width = (column) => Math.max(...lines.map((cells) => cells[column]?.length ?? 0));
  return lines
    .map((cells) =>
      cells.map((cell, column) => (column === 0 ? cell.padEnd(width(0)) : cell.padStart(width(column)))).join('  '),
    )
    .join('\n');
}

/**
 * @param {string} name
 * @param {readonly Mutant[]} mutants
 */
function row(name, mutants) {
  const counts = Object.values(COLUMNS).map(
    (statuses) => mutants.filter(({ status }) => statuses.includes(status)).length,
  );
  const [killed = 0] = counts;
  const total = counts.reduce((sum, count) => sum + count, 0);
  return [name, ...counts.map(String), total === 0 ? '-' : `${((100 * killed) / total).toFixed(1)} %`];
}

/**
 * A line for each mutant that was not killed: where it is, and what was replaced by what.
 *
 * @param {Report} report
 * @returns {string}
 */
export function notKilled({ files }) {
  const sections = Object.entries(LISTED).map(([status, title]) => {
    const lines = Object.entries(files).flatMap(([file, { source, mutants }]) =>
      mutants
        .filter((mutant) => mutant.status === status)
        .sort((one, other) => one.location.start.line - other.location.start.line)
        .map((mutant) => line(file, source, mutant)),
    );
    return lines.length === 0 ? '' : `${title}:\n${lines.join('\n')}\n`;
  });
  return sections.filter((section) => section !== '').join('\n');
}

/**
 * @param {string} file
 * @param {string} source
 * @param {Mutant} mutant
 */
function line(file, source, { mutatorName, replacement = '', location: { start, end } }) {
  const lines = source.split('\n').slice(start.line - 1, end.line);
  lines.push((lines.pop() ?? '').slice(0, end.column - 1));
  lines[0] = (lines[0] ?? '').slice(start.column - 1);
  return `${file}:${start.line}:${start.column} ${mutatorName}: ${short(lines.join('\n'))} -> ${short(replacement)}`;
}

/** Characters at either end of code that is too long for a line. */
const SHOWN = 30;

/** @param {string} code */
function short(code) {
  const line = code.replace(/\s+/g, ' ').trim();
  return line.length > 2 * SHOWN ? `${line.slice(0, SHOWN)} ... ${line.slice(-SHOWN)}` : line;
}

/**
 * The report without the mutants that survived and are covered by no single test, such as those of a constant. Stryker
 * would keep their results although a new test may kill them.
 *
 * @template {Report} R
 * @param {R} report
 * @returns {R}
 */
export function withoutUncovered(report) {
  const files = Object.entries(report.files).map(([file, { mutants, ...others }]) => [
    file,
    { ...others, mutants: mutants.filter(({ status, coveredBy = [] }) => status === 'Killed' || coveredBy.length > 0) },
  ]);
  return { ...report, files: Object.fromEntries(files) };
}
