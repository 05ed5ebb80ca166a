import { CHECKS } from './all.ts';
import type { Requirement, RequirementId } from './requirement.ts';

/** Everything that the suite requires of a gateway, in the order in which it is checked within a kind. */
export const REQUIREMENTS: readonly Requirement[] = Object.entries(CHECKS).map(
  ([id, { sentence, clause, level, kind, note, appliesTo, needs }]) => ({
    id: id as RequirementId,
    sentence,
    clause,
    level,
    kind,
    note,
    appliesTo,
    needs,
  }),
);
