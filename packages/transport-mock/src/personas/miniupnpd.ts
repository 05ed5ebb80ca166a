import { TIMES_AND_TERMINATION } from './parts/left-out.ts';
import { miniupnpdDescription } from './parts/miniupnpd.ts';
import type { Persona } from './persona.ts';

/** Seen on miniupnpd 2.3.1 with nftables. */
export const miniupnpd: Persona = {
  title: 'miniupnpd 2.3, as IGD:2',
  quirk:
    'Reports every mapping as enabled, reports success when it deletes a missing mapping, answers an empty list instead of 730, and ignores the service type in requests.',
  options: {
    igdVersion: 2,
    friendlyName: 'Linux router',
    manufacturer: 'Linux',
    modelName: 'Linux router',
    description: miniupnpdDescription({ version: 2 }),
    omittedActions: TIMES_AND_TERMINATION,
    reports: { isAlwaysEnabled: true },
    refusals: { nothingToDelete: 'ignored', emptyListing: 'ignored' },
    ignoresServiceType: true,
    ignoresArgumentOrder: true,
    answers: { listing: 'cdata' },
  },
};
