import { MINIUPNPD_ON_PF } from './parts/miniupnpd-port-control.ts';
import { miniupnpdOptions } from './parts/miniupnpd.ts';
import type { Persona } from './persona.ts';

/** opnsense/plugins#4010; miniupnp#744. */
export const opnsense: Persona = {
  title: 'OPNsense',
  quirk: 'miniupnpd on pf, with PCP and NAT-PMP: an IPv6 pinhole cannot be renewed, only deleted and made again.',
  options: miniupnpdOptions(
    { version: 2 },
    {
      manufacturer: 'FreeBSD',
      friendlyName: 'OPNsense router',
      modelName: 'FreeBSD router',
      ...MINIUPNPD_ON_PF,
    },
  ),
};
