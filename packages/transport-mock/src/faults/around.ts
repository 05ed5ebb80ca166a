import type { Around } from './fault.ts';

/** Puts hooks around what they may keep from happening: the first next to it, the last outside. */
export function surround<Subject, Value>(
  hooks: readonly (Around<Subject, Value> | undefined)[],
  innermost: (subject: Subject) => Value,
): (subject: Subject) => Value {
  return hooks.reduce<(subject: Subject) => Value>(
    (proceed, hook) =>
      hook === undefined ? proceed : (subject) => hook(subject, (changed = subject) => proceed(changed)),
    innermost,
  );
}
