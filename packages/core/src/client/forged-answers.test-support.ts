/** A host that answers searches in the names of others. */
import { quietHost, type NetworkHost } from '@portwright/transport-mock';
import { encodeUtf8 } from '../bytes.ts';
import type { Transport } from '../ports.ts';

export const ROUTER = '192.168.1.1';
export const ATTACKER = '192.168.1.66';

export function answerOf(location: string, target = 'upnp:rootdevice', uuid = 'a'): Uint8Array {
  return encodeUtf8(`HTTP/1.1 200 OK\r\nLOCATION: ${location}\r\nST: ${target}\r\nUSN: uuid:${uuid}\r\n\r\n`);
}

/** Answers each search with these LOCATIONs, in the name of any host. */
export function liar(claims: (round: number) => readonly (readonly [from: string, location: string])[]): NetworkHost {
  let round = 0;
  return {
    ...quietHost(ATTACKER),
    datagram: () => {
      round += 1;
      return claims(round).map(([address, location]) => ({
        payload: answerOf(location),
        from: { address, port: 1900 },
        delayMs: 0,
      }));
    },
  };
}

/** A transport whose requests are written down. */
export function watched(transport: Transport): { readonly transport: Transport; readonly asked: string[] } {
  const asked: string[] = [];
  const { http } = transport;
  const request: typeof http.request = (what, options) => {
    asked.push(what.url);
    return http.request(what, options);
  };
  return { transport: { ...transport, http: { request } }, asked };
}
