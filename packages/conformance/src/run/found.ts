import type { Caller } from '../bench/caller.ts';
import type { PortControl } from '../bench/port-control.ts';
import type { DescribedService, Subject } from '../bench/subject.ts';

/** The gateway, who asks it, and what of it is checked. */
export interface Found {
  readonly subject: Subject;
  readonly self: Caller;
  /** Null: it has none. */
  readonly connection: DescribedService | null;
  readonly portControl: PortControl;
}
