import { choose } from '../choose.ts';
import { PERSONAS } from './index.ts';
import type { Persona } from './persona.ts';

/**
 * The persona of this name.
 *
 * @throws RangeError for a name that there isn't, with those that come near it
 */
export function choosePersona(name: string): Persona {
  return choose<Persona>('persona', PERSONAS, name);
}
