import { TIMES_AND_TERMINATION } from './parts/left-out.ts';
import { miniupnpdDescription } from './parts/miniupnpd.ts';
import type { Persona } from './persona.ts';

/** From a public survey of 60 routers in service. */
export const bbox: Persona = {
  title: 'Bouygues Bbox (Sagemcom F@st 5696b)',
  quirk: 'Sends the mapping list as CDATA; the model name contains an @.',
  options: {
    igdVersion: 2,
    manufacturer: 'Bouygues Telecom',
    friendlyName: 'Bbox',
    modelName: 'Sagemcom F@st5696b',
    description: miniupnpdDescription({ version: 2 }),
    omittedActions: TIMES_AND_TERMINATION,
    answers: { listing: 'cdata' },
  },
};
