import type { Result } from 'neverthrow';
import type { InvalidArgumentError } from '../errors.ts';
import { encodeHead, formatHost, type Field } from './encode-head.ts';
import { encodeMSearch } from './encode-m-search.ts';
import type { NotifyAlive, SearchResponse, SsdpMessage } from './message.ts';

/**
 * The datagram of any SSDP message; {@link encodeMSearch} alone is smaller for who only searches.
 *
 * Errors: control characters in a text, a number that is negative or not whole, and those of encodeMSearch.
 */
export function encodeSsdpMessage(message: SsdpMessage): Result<Uint8Array, InvalidArgumentError> {
  if (message.kind === 'm-search') return encodeMSearch(message);
  const { usn, bootId, configId } = message;
  const versions: readonly Field[] = [
    ['BOOTID.UPNP.ORG', bootId],
    ['CONFIGID.UPNP.ORG', configId],
  ];
  if (message.kind === 'response') {
    return encodeHead('HTTP/1.1 200 OK', [
      ...cacheControl(message),
      // "Required for backwards compatibility with UPnP 1.0. (Header field name only; no field value.)" (1.1, 1.3.3)
      ['EXT', ''],
      ['LOCATION', message.location],
      ['SERVER', message.server],
      ['ST', message.target],
      ['USN', usn],
      ...versions,
      ['SEARCHPORT.UPNP.ORG', message.searchPort],
    ]);
  }
  return encodeHead('NOTIFY * HTTP/1.1', [
    ['HOST', message.host && formatHost(message.host)],
    ...(message.kind === 'alive' ? cacheControl(message) : []),
    ['LOCATION', message.kind === 'byebye' ? null : message.location],
    ['NT', message.target],
    ['NTS', `ssdp:${message.kind}`],
    ['SERVER', message.kind === 'alive' ? message.server : null],
    ['USN', usn],
    ...versions,
    ['NEXTBOOTID.UPNP.ORG', message.kind === 'update' ? message.nextBootId : null],
    ['SEARCHPORT.UPNP.ORG', message.kind === 'byebye' ? null : message.searchPort],
  ]);
}

function cacheControl({ maxAgeSeconds }: SearchResponse | NotifyAlive): readonly Field[] {
  return [['CACHE-CONTROL', maxAgeSeconds === null ? null : `max-age=${maxAgeSeconds}`]];
}
