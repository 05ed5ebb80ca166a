/** What goes wrong, told to a person. */
import type { RejectedCandidate } from '@portwright/core';
import { printable } from '@portwright/core';
import type { Problem } from './problem.ts';
import type { Terminal } from './terminal.ts';
import { wrap } from './width.ts';

/** An error as a person reads it: what happened, what to do, who was turned down. Wrong use is one line. */
export function problemText(terminal: Terminal, problem: Problem): string {
  const { message, hint } = problem;
  if (problem.kind === 'usage') return labelled(terminal, 'red', 'portwright:', `${message}. ${problem.hint}`);
  const help = hint === undefined ? '' : `${wrap(printable(hint), terminal.width, '  ')}\n`;
  const candidates = problem.kind === 'no-gateway' ? candidateLines(terminal, problem.candidates) : '';
  return labelled(terminal, 'red', 'portwright:', message) + help + candidates;
}

export function warningText(terminal: Terminal, warning: string): string {
  return labelled(terminal, 'yellow', 'warning:', warning);
}

/** A paragraph that begins with a coloured word; its further lines are indented. */
function labelled(terminal: Terminal, colour: 'red' | 'yellow', label: string, text: string): string {
  const [first = '', ...rest] = wrap(`${label} ${printable(text)}`, terminal.width - 2).split('\n');
  const lines = [terminal.style(colour, label) + first.slice(label.length), ...rest.map((line) => `  ${line}`)];
  return `${lines.join('\n')}\n`;
}

/** Who answered and was turned down, and why; nothing where nobody was. */
export function candidateLines(terminal: Terminal, candidates: readonly RejectedCandidate[]): string {
  if (candidates.length === 0) return '';
  const lines = candidates.map(({ location, name, reason }) => {
    const who = name === null ? '' : ` (${printable(name)})`;
    return `${wrap(`${printable(location)}${who}:`, terminal.width, '  ')}\n${wrap(printable(reason), terminal.width, '    ')}\n`;
  });
  return `\nTurned down:\n${lines.join('')}`;
}
