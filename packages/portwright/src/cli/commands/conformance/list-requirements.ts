/** `conformance --list`: the requirements. */
import { REQUIREMENTS, selection, type Level, type Need, type Requirement } from '@portwright/conformance';
import { err, ok, type Result } from '@portwright/core/result';
import type { Outcome } from '../../output/outcome.ts';
import type { Problem, UsageError } from '../../errors/problem.ts';
import type { Terminal } from '../../output/terminal.ts';
import { pad, widthOf, wrap } from '../../output/width.ts';

/** Errors: the first pattern that matches no requirement. */
export function refuseUnknownIds(only: readonly string[], invocation: string): Result<void, UsageError> {
  const unknown = only.find((pattern) => selection('only', [pattern]).isErr());
  if (unknown === undefined) return ok(undefined);
  const message = `--only: no requirement matches "${unknown}"`;
  const hint = `Ids start with an area, such as gena/*. See: ${invocation} conformance --list`;
  return err({ kind: 'usage', code: 'bad-value', message, hint });
}

/** @param only - ids in which `*` matches anything; empty for all */
export function listRequirements(only: readonly string[]): Result<Outcome, Problem> {
  return selection('only', only.length === 0 ? ['*'] : only).map((isMeant) => {
    const wanted = REQUIREMENTS.filter(({ id }) => isMeant(id));
    return {
      json: { requirements: wanted.map((requirement) => ({ area: areaOf(requirement), ...requirement })) },
      text: (terminal) => listText(terminal, wanted),
    };
  });
}

function areaOf({ id }: Requirement): string {
  return id.split('/')[0] ?? '';
}

function listText(terminal: Terminal, requirements: readonly Requirement[]): string {
  const areas = [...new Set(requirements.map(areaOf))];
  const width = Math.max(...requirements.map(({ id }) => widthOf(id)));
  const blocks = areas.map((area) =>
    requirements
      .filter((requirement) => areaOf(requirement) === area)
      .map((requirement) => entry(terminal, requirement, width))
      .join(''),
  );
  const count = requirements.length === 1 ? 'One requirement' : `${requirements.length} requirements`;
  return `${blocks.join('\n')}\n${count}. Without --write, only those marked "read" are checked.\n`;
}

const LEVELS: Readonly<Record<Level, string>> = { must: 'must', should: 'should', may: 'may', own: 'own rule' };

const NEEDS: Readonly<Record<Need, string>> = {
  'wan-host': '--wan-host',
  'second-client': 'a second client',
  events: 'events',
  ipv6: 'IPv6',
  reboot: '--reboot',
};

/** `soap/wrong-urn    should    read`, and below it the sentence and the clause. */
function entry(
  terminal: Terminal,
  { id, level, kind, sentence, clause, needs = [] }: Requirement,
  width: number,
): string {
  const needed = needs.length === 0 ? '' : `  needs ${needs.map((need) => NEEDS[need]).join(', ')}`;
  const head = `${terminal.style('bold', pad(id, width))}  ${pad(LEVELS[level], 8)}  ${pad(kind, 10)}${needed}`;
  const lines = [sentence, clause].map((text) => `${wrap(text, terminal.width, '    ')}\n`);
  return `${head.trimEnd()}\n${lines.join('')}`;
}
