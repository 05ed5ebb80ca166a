import { MINIUPNPD_PORT_CONTROL } from './parts/miniupnpd-port-control.ts';
import { miniupnpdOptions } from './parts/miniupnpd.ts';
import type { Persona } from './persona.ts';

/** Seen on miniupnpd 2.3.1; miniupnp#333. */
export const miniupnpdPrivateWan: Persona = {
  title: 'miniupnpd 2.3 behind another router',
  quirk:
    'Refuses every mapping while its external address is private: UPnP with 501 and no address, PCP with 8, NAT-PMP with 3. ANNOUNCE succeeds.',
  options: miniupnpdOptions(
    { version: 2 },
    {
      friendlyName: 'Linux router',
      manufacturer: 'Linux',
      modelName: 'Linux router',
      refusals: { nothingToDelete: 'ignored' },
      ...MINIUPNPD_PORT_CONTROL,
      externalAddress: '192.168.0.2',
    },
  ),
};
