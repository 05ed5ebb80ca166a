import { fritzbox } from './parts/fritzbox.ts';
import type { Persona } from './persona.ts';

/** godotengine/godot#25008; tailscale/tailscale#1525 for PCP. */
export const fritzboxSwitchedOff: Persona = {
  title: 'FRITZ!Box with port changes not allowed',
  quirk: 'Refuses every mapping with 606, and PCP with 2, until the owner allows this host to open ports.',
  options: { ...fritzbox(2), isSwitchedOff: true, pcp: { isRefused: true } },
};
