import { MINIUPNPD_PORT_CONTROL } from './parts/miniupnpd-port-control.ts';
import { miniupnpdOptions } from './parts/miniupnpd.ts';
import type { Persona } from './persona.ts';

/** From a public survey of 60 routers in service. */
export const openwrt: Persona = {
  title: 'OpenWrt',
  quirk: 'Offers WANIPConnection:1 with the actions of version 2, and an IPv6 firewall under an IGD:1 root.',
  options: miniupnpdOptions(
    { version: 1, connection: 'WANIPConnection:1+', hasIPv6Firewall: true },
    {
      manufacturer: 'OpenWRT',
      friendlyName: 'OpenWRT router',
      modelName: 'OpenWRT router',
      ...MINIUPNPD_PORT_CONTROL,
    },
  ),
};
