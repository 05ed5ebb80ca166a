import { miniupnpdOptions } from './parts/miniupnpd.ts';
import type { Persona } from './persona.ts';

/** From a public survey of 60 routers in service. */
export const bbox: Persona = {
  title: 'Bouygues Bbox (Sagemcom F@st 5696b)',
  quirk: 'miniupnpd under the name of a provider; the model name contains an @.',
  options: miniupnpdOptions(
    { version: 2 },
    {
      manufacturer: 'Bouygues Telecom',
      friendlyName: 'Bbox',
      modelName: 'Sagemcom F@st5696b',
    },
  ),
};
