import type { Persona } from './persona.ts';

/** miniupnp/miniupnp#634, #881; godotengine/godot#87953. */
export const disconnectedButMaps: Persona = {
  title: 'A router that reports Disconnected',
  quirk: 'Always reports the status Disconnected, but mappings work.',
  options: { igdVersion: 1, reports: { connectionStatus: 'Disconnected' } },
};
