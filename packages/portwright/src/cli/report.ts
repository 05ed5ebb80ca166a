/** What goes wrong, told to a person. */
import type { RejectedCandidate } from '@portwright/core';
import type { Problem } from './problem.ts';
import type { Terminal } from './terminal.ts';
import { printable } from './untrusted.ts';
import { wrap } from './width.ts';

/** An error as a person reads it: what happened, what to do, who was turned down. */
export function problemText(terminal: Terminal, problem: Problem): string {
  const { message, hint } = problem;
  const lines = `${terminal.style('red', 'portwright:')} ${hanging(terminal, `portwright: ${printable(message)}`).slice('portwright: '.length)}\n`;
  const help = hint === undefined ? '' : `${wrap(printable(hint), terminal.width, '  ')}\n`;
  const candidates = problem.kind === 'no-gateway' ? candidateLines(terminal, problem.candidates) : '';
  return lines + help + candidates;
}

export function warningText(terminal: Terminal, warning: string): string {
  return `${terminal.style('yellow', 'warning:')} ${hanging(terminal, `warning: ${printable(warning)}`).slice('warning: '.length)}\n`;
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

/** Wrapped, with every line but the first indented. */
function hanging({ width }: Terminal, text: string): string {
  return wrap(text, width - 2).replaceAll('\n', '\n  ');
}
