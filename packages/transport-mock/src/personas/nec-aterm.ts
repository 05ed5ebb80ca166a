import { PPP_DETAILS, TIMES_AND_TERMINATION } from './parts/left-out.ts';
import type { Persona } from './persona.ts';

/** From a public survey of 60 routers in service. */
export const necAterm: Persona = {
  title: 'NEC Aterm',
  quirk: 'Offers only WANPPPConnection; uses the prefixes SOAP-ENV and m; the error code has no namespace.',
  options: {
    igdVersion: 1,
    manufacturer: 'NEC Corporation/NEC Platforms, Ltd.',
    friendlyName: 'Aterm',
    modelName: 'Aterm Series',
    modelNumber: '',
    connectionService: 'ppp',
    description: { controlUrl: '/{hex:8}/{id}', eventUrl: '/{hex:8}/{id}/event', lineEnd: '\n' },
    omittedActions: [...TIMES_AND_TERMINATION, ...PPP_DETAILS, 'ForceTermination', 'RequestConnection'],
    answers: {
      envelopePrefix: 'SOAP-ENV',
      actionPrefix: 'm',
      lineEnd: '\n',
      unqualifiesErrors: true,
    },
  },
};
