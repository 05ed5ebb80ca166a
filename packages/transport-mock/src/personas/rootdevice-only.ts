import type { Persona } from './persona.ts';

/** tailscale#3557; Mono.Nat#17. */
export const rootdeviceOnly: Persona = {
  title: 'A router that answers only for its root device',
  quirk: 'Answers only searches for upnp:rootdevice.',
  options: { answeredTargets: ['upnp:rootdevice'] },
};
