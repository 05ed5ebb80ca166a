import type { Persona } from './persona.ts';

/** RFC 6888, REQ-4 and REQ-9: a limit for each subscriber, and PCP. The numbers are ours. */
export const cgnWithPcp: Persona = {
  title: 'A carrier-grade NAT with PCP',
  quirk: 'Has PCP only. Grants at most four ports to a subscriber, out of 64, for at most two hours.',
  options: {
    protocols: ['pcp'],
    allowedExternalPorts: [[40_000, 40_063]],
    lanAddress6: null,
    pcp: { lifetimeSeconds: [120, 7_200], clientQuota: 4 },
  },
};
