import type { FaultName } from '../faults/catalogue.ts';
import type { InjectOptions } from '../faults/fault.ts';
import type { GatewayOptions } from '../gateway/gateway-options.ts';

/** A router that people have: what it is like, as data. */
export interface Persona {
  /** For people: maker and model, or what the gateway is an example of. */
  readonly title: string;
  /** What is odd about it, in a sentence. */
  readonly quirk: string;
  readonly options: GatewayOptions;
  /** Faults that are always there. */
  readonly faults?: readonly (FaultName | readonly [FaultName, InjectOptions])[] | undefined;
}
