import type { Persona } from './persona.ts';

/** tailscale#3557; Mono.Nat#17. */
export const rootdeviceOnly: Persona = {
  title: 'A router that answers for its root alone',
  quirk: 'Only searches for upnp:rootdevice are answered.',
  options: { answeredTargets: ['upnp:rootdevice'] },
};
