import type { Persona } from './persona.ts';

/** tailscale#7458; syncthing#1696. */
export const pickySoapaction: Persona = {
  title: 'A router that is picky about SOAPACTION',
  quirk: 'A SOAPACTION without quotes is a bad request; a protocol in lower case is refused.',
  options: { igdVersion: 1, requiresQuotedSoapAction: true },
};
