import type { Persona } from './persona.ts';

/** miniupnp/miniupnp#634, #881; godotengine/godot#87953. */
export const disconnectedButMaps: Persona = {
  title: 'A router that says it is disconnected',
  quirk: 'The status is Disconnected, whatever the connection does, and mappings work.',
  options: { igdVersion: 1, reports: { connectionStatus: 'Disconnected' } },
};
