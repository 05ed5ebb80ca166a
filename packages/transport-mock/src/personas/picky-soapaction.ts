import type { Persona } from './persona.ts';

/** tailscale#7458; syncthing#1696. */
export const pickySoapaction: Persona = {
  title: 'A router that is picky about SOAPACTION',
  quirk: 'Refuses a SOAPACTION without quotes as a bad request, and a protocol in lower case.',
  options: { igdVersion: 1, requiresQuotedSoapAction: true },
};
