/**
 * SSDP's messages as data (UDA 1.0, chapter 1; UDA 1.1, chapter 1). A field that its sender may leave out, or that some
 * senders leave out, is null then. Header values stand as they were sent, without the white space around them.
 */
import type { Endpoint } from '../messages.ts';

/** A search (UDA 1.1, 1.3.2): `M-SEARCH * HTTP/1.1` with MAN `"ssdp:discover"`. */
export interface MSearch {
  readonly kind: 'm-search';
  /** Where it is sent: a multicast group, or one device. */
  readonly host: Endpoint | null;
  /** ST, the search target. */
  readonly target: string;
  /** MX, the seconds over which devices spread their answers: 1..5 to be sent, any number when received. */
  readonly mx: number | null;
  /** USER-AGENT (1.1): `OS/version UPnP/1.1 product/version`. */
  readonly userAgent: string | null;
}

/** Which device or service speaks, and for how long it may be believed. */
interface Presence {
  /** ST in an answer, NT in a NOTIFY: a device type, a service type, `upnp:rootdevice`, or `uuid:` and a UUID. */
  readonly target: string;
  /** USN: the device's UDN, in most cases followed by `::` and the target. */
  readonly usn: string | null;
  /** LOCATION: the URL of the device description, unchecked. See checkLocation. */
  readonly location: string;
  /** CACHE-CONTROL's max-age, in seconds. */
  readonly maxAgeSeconds: number | null;
  /** SERVER: `OS/version UPnP/1.0 product/version`, untrusted. */
  readonly server: string | null;
  /** BOOTID.UPNP.ORG (1.1): grows with each start of the device. */
  readonly bootId: number | null;
  /** CONFIGID.UPNP.ORG (1.1): the version of its descriptions. */
  readonly configId: number | null;
  /** SEARCHPORT.UPNP.ORG (1.1): where it listens for unicast searches, if not on 1900. */
  readonly searchPort: number | null;
}

/** A device's answer to a search (UDA 1.1, 1.3.3): `HTTP/1.1 200 OK`. */
export interface SearchResponse extends Presence {
  readonly kind: 'response';
}

/** `NOTIFY` with NTS `ssdp:alive` (UDA 1.1, 1.2.2). */
export interface NotifyAlive extends Presence {
  readonly kind: 'alive';
  readonly host: Endpoint | null;
}

/** `NOTIFY` with NTS `ssdp:update` (UDA 1.1, 1.2.4): the boot number changes while the device stays. */
export interface NotifyUpdate extends Omit<Presence, 'maxAgeSeconds' | 'server'> {
  readonly kind: 'update';
  readonly host: Endpoint | null;
  /** NEXTBOOTID.UPNP.ORG: the boot number from now on. */
  readonly nextBootId: number | null;
}

/** `NOTIFY` with NTS `ssdp:byebye` (UDA 1.1, 1.2.3). Anybody can send one: probe the device before believing it. */
export interface NotifyByebye {
  readonly kind: 'byebye';
  readonly host: Endpoint | null;
  readonly target: string;
  readonly usn: string;
  readonly bootId: number | null;
  readonly configId: number | null;
}

export type SsdpMessage = MSearch | SearchResponse | NotifyAlive | NotifyUpdate | NotifyByebye;
