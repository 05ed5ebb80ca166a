/** What a gateway is known to miss: a list that is kept beside a run, and has to be true. */
import type { InvalidArgumentError } from '@portwright/core';
import { checkArguments, TEXT } from '@portwright/core/internal';
import { err, Result } from '@portwright/core/result';
import { selection } from './patterns.ts';

export interface KnownFailure {
  /** The requirement, or several with `*` for anything: `ssdp/*`. */
  readonly id: string;
  /** Where it is written, for people: what the gateway goes by instead, or what it misses. */
  readonly clause: string;
  /** Why it is missed, for people. */
  readonly reason: string;
}

/**
 * Reads a list of known failures: on each line an id, the clause and the reason, with `|` between them. Empty lines, and
 * lines that begin with `#`, say nothing.
 *
 * Errors: `missing` for a line that has not all three, or with an id that means no requirement; the message tells
 * the line.
 *
 * @example
 * ```
 * soap/wrong-urn | UDA 1.0, 3.2.2 | any service type is taken for its own
 * ```
 */
export function parseKnownFailures(text: string): Result<readonly KnownFailure[], InvalidArgumentError> {
  const checked = checkArguments(['text', text, TEXT]);
  if (checked.isErr()) return err(checked.error);
  const lines = text.split(/\r?\n/).map((line, index) => ({ line: line.trim(), number: index + 1 }));
  const entries = lines.filter(({ line }) => line !== '' && !line.startsWith('#'));
  return Result.combine(entries.map(({ line, number }) => parseLine(line, number)));
}

function parseLine(line: string, number: number): Result<KnownFailure, InvalidArgumentError> {
  const [id = '', clause = '', ...rest] = line.split('|').map((part) => part.trim());
  const reason = rest.join(' | ');
  if (id === '' || clause === '' || reason === '') {
    return err({
      kind: 'invalid-argument',
      code: 'missing',
      message: `line ${number} of the known failures must be "id | clause | reason", not "${line}"`,
      argument: 'knownFailures',
    });
  }
  return selection('knownFailures', [id])
    .map(() => ({ id, clause, reason }))
    .mapErr((error) => ({ ...error, message: `line ${number} of the known failures: there is no requirement ${id}` }));
}

/** The entry that a requirement is meant by. */
export type KnownFailures = (id: string) => KnownFailure | null;

/** Errors: `missing` for an entry that means no requirement. */
export function knownFailures(entries: readonly KnownFailure[]): Result<KnownFailures, InvalidArgumentError> {
  return Result.combine(
    entries.map((entry) => selection('knownFailures', [entry.id]).map((isMeant) => ({ entry, isMeant }))),
  ).map((known) => (id) => known.find(({ isMeant }) => isMeant(id))?.entry ?? null);
}
