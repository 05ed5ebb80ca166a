import { igdOutline } from '../description/igd-outline.ts';
import { PPP_DETAILS, TIMES_AND_TERMINATION } from './parts/left-out.ts';
import type { Persona } from './persona.ts';

/** From a public survey of 60 routers in service. */
export const sagemcomFast5670: Persona = {
  title: 'Sagemcom Fast5670',
  quirk:
    'Offers only WANPPPConnection:1, in version 2 devices; modelURL is prose; a search for ssdp:all finds only a WFADevice.',
  options: {
    igdVersion: 2,
    manufacturer: 'Sagemcom',
    friendlyName: 'Fast5670 DT',
    modelName: 'Fast5670 DT',
    modelNumber: '',
    hasIPv6Firewall: false,
    description: {
      specVersion: '1.0',
      outline: igdOutline({
        version: 2,
        rootServices: [],
        rootTexts: { modelURL: 'Ask your provider' },
        connections: [{ type: 'WANPPPConnection:1', id: 'WANPPPConn1' }],
      }),
    },
    omittedActions: [...TIMES_AND_TERMINATION, ...PPP_DETAILS],
    answers: { xmlDeclaration: '' },
  },
  faults: ['ssdp-all-hides-the-gateway'],
};
