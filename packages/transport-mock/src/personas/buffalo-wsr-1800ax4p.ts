import { TIMES } from './parts/left-out.ts';
import type { Persona } from './persona.ts';

/** From a public survey of 60 routers in service. */
export const buffaloWsr1800ax4p: Persona = {
  title: 'Buffalo WSR-1800AX4P',
  quirk: 'The model number is the firmware version.',
  options: {
    igdVersion: 1,
    manufacturer: 'BUFFALO INC.',
    friendlyName: 'WSR-1800AX4P',
    modelName: 'WSR-1800AX4P',
    modelNumber: 'F/W Version 1.11',
    omittedActions: TIMES,
  },
};
