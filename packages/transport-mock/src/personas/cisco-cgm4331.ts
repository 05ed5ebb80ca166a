import { TIMES } from './parts/left-out.ts';
import type { Persona } from './persona.ts';

/** From a public survey of 60 routers in service. */
export const ciscoCgm4331: Persona = {
  title: 'Cisco CGM4331COM',
  quirk: 'Every mapping reads back with a lease of 86400 s; answers have no XML declaration.',
  options: {
    igdVersion: 1,
    manufacturer: 'Cisco',
    friendlyName: 'CGM4331COM',
    modelName: 'CGM4331COM',
    grantedLease: 86_400,
    reports: { lease: 86_400 },
    answers: { xmlDeclaration: '' },
    omittedActions: TIMES,
  },
};
