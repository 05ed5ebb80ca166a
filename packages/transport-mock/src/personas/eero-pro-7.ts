import { igdOutline } from '../description/igd-outline.ts';
import { TIMES_AND_TERMINATION } from './parts/left-out.ts';
import type { Persona } from './persona.ts';

/** From a public survey of 60 routers in service. */
export const eeroPro7: Persona = {
  title: 'eero Pro 7',
  quirk:
    'White space after the root element; a URLBase on port 1900; the same UDN for all devices; the web pages are on another host.',
  options: {
    igdVersion: 1,
    httpPort: 1900,
    manufacturer: 'eero inc.',
    friendlyName: 'eero',
    modelName: 'eero Pro 7',
    description: {
      urlBase: 'http://{address}:1900',
      trailing: '\r\n\r\n  ',
      outline: igdOutline({
        version: 1,
        udns: ['uuid:{root}', 'uuid:{root}', 'uuid:{root}'],
        rootTexts: { presentationURL: 'https://eero.com' },
        connections: [{ type: 'WANIPConnection:1', id: 'WANIPConn1' }],
      }),
    },
    omittedActions: TIMES_AND_TERMINATION,
    answers: { trailing: '\r\n\r\n  ' },
  },
  testSetup: { keepsPort: true },
};
