/** Every SSDP message once, as data: its headers in the order in which they are written, and what each of them holds. */
import type { SsdpMessage } from './message.ts';

/** How a property stands in its header. */
export type FieldType = 'text' | 'number' | 'port' | 'max-age' | 'host';

/** A header and the property that it holds; without a property, the header's constant value. */
export type Field =
  readonly [header: string, property: string, type: FieldType] | readonly [header: string, value: string];

export interface Form {
  readonly startLine: string;
  readonly fields: readonly Field[];
}

/** Numbers of 1.1's headers are 31 bits long (UDA 1.1, 1.2.2). */
export const MAX_NUMBER = 0x7fff_ffff;

const HOST = ['HOST', 'host', 'host'] as const;
const MAX_AGE = ['CACHE-CONTROL', 'maxAgeSeconds', 'max-age'] as const;
const LOCATION = ['LOCATION', 'location', 'text'] as const;
const SERVER = ['SERVER', 'server', 'text'] as const;
const USN = ['USN', 'usn', 'text'] as const;
const BOOT_ID = ['BOOTID.UPNP.ORG', 'bootId', 'number'] as const;
const CONFIG_ID = ['CONFIGID.UPNP.ORG', 'configId', 'number'] as const;
const SEARCH_PORT = ['SEARCHPORT.UPNP.ORG', 'searchPort', 'port'] as const;
const NT = ['NT', 'target', 'text'] as const;
const NOTIFY = 'NOTIFY * HTTP/1.1';

export const M_SEARCH_FORM: Form = {
  startLine: 'M-SEARCH * HTTP/1.1',
  fields: [
    HOST,
    // The quotes are part of the value, and devices that compare it as a text ignore a search without them.
    ['MAN', '"ssdp:discover"'],
    ['MX', 'mx', 'number'],
    ['ST', 'target', 'text'],
    ['USER-AGENT', 'userAgent', 'text'],
  ],
};

export const FORMS: Readonly<Record<SsdpMessage['kind'], Form>> = {
  'm-search': M_SEARCH_FORM,
  response: {
    startLine: 'HTTP/1.1 200 OK',
    // "Required for backwards compatibility with UPnP 1.0. (Header field name only; no field value.)" (1.1, 1.3.3)
    fields: [MAX_AGE, ['EXT', ''], LOCATION, SERVER, ['ST', 'target', 'text'], USN, BOOT_ID, CONFIG_ID, SEARCH_PORT],
  },
  alive: {
    startLine: NOTIFY,
    fields: [HOST, MAX_AGE, LOCATION, NT, ['NTS', 'ssdp:alive'], SERVER, USN, BOOT_ID, CONFIG_ID, SEARCH_PORT],
  },
  update: {
    startLine: NOTIFY,
    fields: [
      HOST,
      LOCATION,
      NT,
      ['NTS', 'ssdp:update'],
      USN,
      BOOT_ID,
      CONFIG_ID,
      ['NEXTBOOTID.UPNP.ORG', 'nextBootId', 'number'],
      SEARCH_PORT,
    ],
  },
  byebye: { startLine: NOTIFY, fields: [HOST, NT, ['NTS', 'ssdp:byebye'], USN, BOOT_ID, CONFIG_ID] },
};
