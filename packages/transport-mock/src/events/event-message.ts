import type { HttpRequest } from '@portwright/core';
import { readHttpUrl } from '../http/http-url.ts';
import { urlHost } from '../network/ip-address.ts';
import { element, textElement } from '../xml/xml-writer.ts';
import type { EventedValues } from './evented-values.ts';

const UTF8 = new TextEncoder();
const LAST_KEY = 0xffff_ffff;

/** One event, for one subscriber. */
export interface EventMessage {
  readonly sid: string;
  /** SEQ. */
  readonly key: number;
  readonly values: EventedValues;
}

/** UDA 1.1, 4.3.2: "0 for initial event message", then one more each; it "MUST wrap from 4294967295 to 1". */
export function nextEventKey(key: number): number {
  return key === LAST_KEY ? 1 : key + 1;
}

/** UDA 1.1, 4.3.2: NOTIFY. `url` is one of the subscriber's CALLBACK. */
export function writeEvent(url: string, { sid, key, values }: EventMessage): HttpRequest {
  const target = readHttpUrl(url);
  const body = UTF8.encode(writePropertySet(values));
  return {
    method: 'NOTIFY',
    url,
    headers: [
      ['HOST', target === null ? '' : `${urlHost(target.host)}:${target.port}`],
      ['CONTENT-TYPE', 'text/xml; charset="utf-8"'],
      ['CONTENT-LENGTH', String(body.length)],
      ['NT', 'upnp:event'],
      ['NTS', 'upnp:propchange'],
      ['SID', sid],
      ['SEQ', String(key)],
      ['CONNECTION', 'close'],
    ],
    body,
  };
}

/** UDA 1.1, 4.3.2: each variable in a property of its own. */
function writePropertySet(values: EventedValues): string {
  const properties = [...values].map(([name, value]) => element('e:property', textElement(name, value)));
  return (
    '<?xml version="1.0"?>\r\n' +
    `<e:propertyset xmlns:e="urn:schemas-upnp-org:event-1-0">${properties.join('')}</e:propertyset>\r\n`
  );
}
