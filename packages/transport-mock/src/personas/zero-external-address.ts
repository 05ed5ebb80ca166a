import type { Persona } from './persona.ts';

/** LizardByte/Sunshine#1297; Mono.Nat#35; miniupnp#567. */
export const zeroExternalAddress: Persona = {
  title: 'A router whose address is 0.0.0.0',
  quirk: 'Reports 0.0.0.0 as its external address.',
  options: { externalAddress: '0.0.0.0' },
};
