import type { Mutant } from '../mutants/mutant.ts';
import type { Case } from './case.ts';
import type { Requirement, RequirementId } from './requirement.ts';

/** Everything about one check: the requirement, how it is checked, and a gateway with a defect that only it finds. */
export interface Check extends Omit<Requirement, 'id'> {
  readonly check: Case;
  readonly mutant: Mutant;
}

/** Checks by the ids of their requirements. */
export type Checks = Readonly<Record<RequirementId, Check>>;
