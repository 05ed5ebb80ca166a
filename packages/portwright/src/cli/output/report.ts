/** Errors and warnings as texts for people. */
import type { RejectedCandidate } from '@portwright/core';
import { printable } from '@portwright/core';
import type { FailedAttempt } from '@portwright/core/mapping';
import { duration } from './phrases.ts';
import type { Problem } from '../errors/problem.ts';
import type { Terminal } from './terminal.ts';
import { wrap } from './width.ts';

/** The message, the hint, the rejected devices, the attempts. Wrong use is one line. */
export function problemText(terminal: Terminal, problem: Problem): string {
  const { message, hint } = problem;
  if (problem.kind === 'usage') return labelled(terminal, 'red', 'portwright:', `${message}. ${problem.hint}`);
  const help = hint === undefined ? '' : `${wrap(printable(hint), terminal.width, '  ')}\n`;
  // The message covers a single candidate, and routers without PCP or NAT-PMP.
  const devices = problem.kind === 'no-gateway' ? problem.candidates.filter(({ code }) => code !== 'no-server') : [];
  const several = devices.length > 1 ? devices : [];
  const candidates = candidateLines(terminal, several);
  const attempts = problem.kind === 'not-mapped' ? attemptLines(terminal, problem.attempts) : '';
  return labelled(terminal, 'red', 'portwright:', message) + help + candidates + attempts;
}

export function warningText(terminal: Terminal, warning: string): string {
  return labelled(terminal, 'yellow', 'warning:', warning);
}

/** An error that may pass by itself, with its hint: the command waits. */
export function waitingText(terminal: Terminal, { message, hint }: Problem): string {
  const help = hint === undefined ? '' : `${wrap(printable(hint), terminal.width, '  ')}\n`;
  return labelled(terminal, 'yellow', 'warning:', `${message}. Waiting; press Ctrl-C to stop.`) + help;
}

/** A paragraph that begins with a coloured word. Further lines are indented. */
function labelled(terminal: Terminal, colour: 'red' | 'yellow', label: string, text: string): string {
  const [first = '', ...rest] = wrap(`${label} ${printable(text)}`, terminal.width - 2).split('\n');
  const lines = [terminal.style(colour, label) + first.slice(label.length), ...rest.map((line) => `  ${line}`)];
  return `${lines.join('\n')}\n`;
}

/** The rejected devices with their reasons; empty if there are none. */
export function candidateLines(terminal: Terminal, candidates: readonly RejectedCandidate[]): string {
  if (candidates.length === 0) return '';
  const lines = candidates.map(({ location, from, name, reason }) => {
    const who = name === null ? '' : ` (${printable(name)})`;
    return `${wrap(`${printable(location ?? from ?? '')}${who}:`, terminal.width, '  ')}\n${wrap(printable(reason), terminal.width, '    ')}\n`;
  });
  return `\nRejected:\n${lines.join('')}`;
}

/** The attempts with their errors; empty for a single one, which the message covers. */
function attemptLines(terminal: Terminal, attempts: readonly FailedAttempt[]): string {
  if (attempts.length < 2) return '';
  const lines = attempts.map(({ method, externalPort, leaseSeconds, error }) => {
    const port = method === 'any' ? `port ${externalPort} or any other` : `port ${externalPort}`;
    const term = leaseSeconds === 0 ? 'permanently' : `for ${duration(leaseSeconds)}`;
    return `  ${port}, ${term}:\n${wrap(printable(error.message), terminal.width, '    ')}\n`;
  });
  return `\nAttempts:\n${lines.join('')}`;
}
