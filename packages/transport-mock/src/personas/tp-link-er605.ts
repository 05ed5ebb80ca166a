import { omada } from './parts/omada.ts';
import type { Persona } from './persona.ts';

/** From a public survey of 60 routers in service. */
export const tpLinkEr605: Persona = {
  title: 'TP-Link Omada ER605',
  quirk:
    'The mapping list ends with 402; the uptime is text; start tags contain spaces; URLBase is empty; URLs change with each boot.',
  options: omada('ER605'),
};
