import type { FaultName } from '../faults/catalogue.ts';
import type { InjectOptions } from '../faults/fault.ts';
import type { GatewayOptions } from '../gateway/gateway-options.ts';
import { DEFAULT_PROTOCOLS, type GatewayProtocol } from '../port-control/port-control-options.ts';
import { mustHave } from '../misuse.ts';
import type { TestSetup } from '../test-setup.ts';

/** A router that people have: what it is like, as data. */
export interface Persona {
  /** For people: maker and model, or what the gateway is an example of. */
  readonly title: string;
  /** What is odd about it, in a sentence. */
  readonly quirk: string;
  readonly options: GatewayOptions;
  /** Faults that are always there. */
  readonly faults?: readonly (FaultName | readonly [FaultName, InjectOptions])[] | undefined;
  readonly testSetup?: PersonaTestSetup | undefined;
}

/**
 * The ways in which this router opens ports, as far as they are known.
 *
 * @throws TypeError for what is no persona
 */
export function protocolsOf(persona: Pick<Persona, 'options'>): readonly GatewayProtocol[] {
  mustHave('persona', 'a persona', persona, 'options');
  const { options } = persona;
  return options.protocols ?? DEFAULT_PROTOCOLS;
}

export interface PersonaTestSetup extends TestSetup {
  /** Whether its HTTP port stays the same through a reboot: the description names it. Default: false. */
  readonly keepsPort?: boolean | undefined;
}
