import type { InvalidArgumentError } from '@portwright/core';
import { checkArguments, listOf, TEXT } from '@portwright/core/internal';
import { err, ok, type Result } from '@portwright/core/result';
import { REQUIREMENTS } from '../checks/requirements.ts';

/** Whether an id is meant by one of these. */
export type Selection = (id: string) => boolean;

/**
 * Ids with `*` for anything.
 *
 * Errors: `missing` for one that means no requirement; a mistyped id would go unnoticed.
 */
export function selection(argument: string, patterns: readonly string[]): Result<Selection, InvalidArgumentError> {
  const checked = checkArguments(['argument', argument, TEXT], [argument, patterns, listOf(TEXT)]);
  if (checked.isErr()) return err(checked.error);
  const expressions = patterns.map((pattern) => ({ pattern, expression: expressionOf(pattern) }));
  const stray = expressions.find(({ expression }) => !REQUIREMENTS.some(({ id }) => expression.test(id)));
  if (stray !== undefined) {
    const message = `${argument}: there is no requirement ${stray.pattern}`;
    return err({ kind: 'invalid-argument', code: 'missing', message, argument });
  }
  return ok((id) => expressions.some(({ expression }) => expression.test(id)));
}

function expressionOf(pattern: string): RegExp {
  const literals = pattern.split('*').map((part) => part.replace(/[\\^$.|?+()[\]{}]/g, '\\$&'));
  return new RegExp(`^${literals.join('.*')}$`);
}
