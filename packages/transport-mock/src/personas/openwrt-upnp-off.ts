import { MINIUPNPD_PORT_CONTROL } from './parts/miniupnpd-port-control.ts';
import type { Persona } from './persona.ts';

/** The service of OpenWrt with enable_upnp=0 and enable_natpmp=1, its other switch; seen on miniupnpd 2.3.1. */
export const openwrtUpnpOff: Persona = {
  title: 'OpenWrt with UPnP off',
  quirk: 'Has PCP and NAT-PMP, and answers no search.',
  options: { ...MINIUPNPD_PORT_CONTROL, protocols: ['pcp', 'nat-pmp'] },
};
