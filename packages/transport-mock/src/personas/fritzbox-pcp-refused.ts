import type { Persona } from './persona.ts';

/** tailscale/tailscale#1525 and #13145. */
export const fritzboxPcpRefused: Persona = {
  title: 'FRITZ!Box with PCP not allowed',
  quirk: 'Has PCP only, and refuses every request with 2 until the owner allows this host to open ports.',
  options: { protocols: ['pcp'], pcp: { isRefused: true } },
};
