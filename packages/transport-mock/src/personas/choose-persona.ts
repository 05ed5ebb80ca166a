import { choose } from '../choose.ts';
import { PERSONAS } from './index.ts';
import type { GatewayOptions } from '../gateway/gateway-options.ts';
import type { Persona } from './persona.ts';

/** What holds for personas that say nothing else. */
export const PERSONA_DEFAULTS: GatewayOptions = { ignoresArgumentOrder: true };

/**
 * The persona of this name.
 *
 * @throws RangeError for a name that there isn't, with those that come near it
 */
export function choosePersona(name: string): Persona {
  return choose<Persona>('persona', PERSONAS, name);
}
