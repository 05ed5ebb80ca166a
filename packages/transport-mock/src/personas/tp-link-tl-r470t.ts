import { omada } from './parts/omada.ts';
import type { Persona } from './persona.ts';

/** From a public survey of 60 routers in service. */
export const tpLinkTlR470t: Persona = {
  title: 'TP-Link TL-R470T+',
  quirk: 'Reports its own LAN address as the external one; otherwise like an ER605.',
  options: { ...omada('TL-R470T+'), lanAddress: '192.168.1.1', externalAddress: '192.168.1.1' },
};
