import { MINIUPNPD_PORT_CONTROL } from './parts/miniupnpd-port-control.ts';
import { miniupnpdOptions } from './parts/miniupnpd.ts';
import type { Persona } from './persona.ts';

/** Seen on miniupnpd 2.3.1 with nftables. */
export const miniupnpd: Persona = {
  title: 'miniupnpd 2.3, as IGD:2',
  quirk:
    'Lists the newest mapping first, drops remote hosts, reports every mapping as enabled, reports success when it deletes a missing mapping, answers an empty list instead of 730, and ignores the service type in requests.',
  options: miniupnpdOptions(
    { version: 2 },
    {
      friendlyName: 'Linux router',
      manufacturer: 'Linux',
      modelName: 'Linux router',
      // With nftables; seen.
      refusals: { nothingToDelete: 'ignored' },
      ...MINIUPNPD_PORT_CONTROL,
    },
  ),
};
