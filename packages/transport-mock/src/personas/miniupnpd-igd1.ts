import { MINIUPNPD_PORT_CONTROL } from './parts/miniupnpd-port-control.ts';
import { miniupnpdOptions } from './parts/miniupnpd.ts';
import type { Persona } from './persona.ts';

/** Seen on miniupnpd 2.3.1 with nftables; its option force_igd_desc_v1. */
export const miniupnpdIgd1: Persona = {
  title: 'miniupnpd 2.3, as IGD:1',
  quirk: 'The same program, built for version 1: specVersion 1.1 and a configId with an IGD:1 tree.',
  options: miniupnpdOptions(
    { version: 1 },
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
