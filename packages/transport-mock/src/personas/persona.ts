import type { InjectOptions } from '../faults/fault.ts';
import type { FaultName } from '../faults/catalogue.ts';
import type { GatewayOptions } from '../gateway/gateway-options.ts';

/** A router that people have: what it is like, as data. */
export interface Persona {
  /** For people: maker and model, or the quirk. */
  readonly title: string;
  readonly options: GatewayOptions;
  /** Faults that are always there. */
  readonly faults?: readonly (FaultName | readonly [FaultName, InjectOptions])[] | undefined;
}
