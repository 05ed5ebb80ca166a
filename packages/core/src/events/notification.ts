/** An event message, and what to answer to it (UDA 1.1, 4.2 and 4.3). */
import { err, ok, type Result } from '../result.ts';
import { headerValue, type HttpRequest } from '../messages.ts';
import { parseXml } from '../xml/parse.ts';

/** State variables that have changed; the first message of a subscription has all of them. */
export interface EventNotification {
  readonly sid: string;
  /** 0 for the first, then 1 to 4294967295, and 1 again. */
  readonly seq: number;
  /** Values by the names of their variables. Untrusted. */
  readonly properties: ReadonlyMap<string, string>;
}

/** Why a message is refused, and the status to answer with. */
export interface NotificationRefusal {
  /** 400: not an event message; 412: not for this subscriber (4.3.2); 405: another method. */
  readonly status: 400 | 405 | 412;
  readonly reason: string;
}

/** The key after this one is 1, and not 0 (4.3.2). */
const LAST_SEQ = 4_294_967_295;

/** Reads a NOTIFY. Whether its SID is one that this program has, and its SEQ the next, is for whoever subscribed. */
export function decodeNotification({
  method,
  headers,
  body,
}: HttpRequest): Result<EventNotification, NotificationRefusal> {
  if (method !== 'NOTIFY') return refuse(405, `${method} is not NOTIFY`);
  const nt = headerValue(headers, 'NT');
  const nts = headerValue(headers, 'NTS');
  if (nt === undefined || nts === undefined) return refuse(400, 'NT or NTS is missing');
  if (nt.trim() !== 'upnp:event' || nts.trim() !== 'upnp:propchange')
    return refuse(412, 'NT is not upnp:event, or NTS is not upnp:propchange');
  const sid = headerValue(headers, 'SID')?.trim() ?? '';
  if (sid === '') return refuse(412, 'SID is missing');
  const seq = headerValue(headers, 'SEQ')?.trim() ?? '';
  if (!/^\d{1,10}$/.test(seq) || Number(seq) > LAST_SEQ) return refuse(400, 'SEQ is not a 32-bit number');
  return parseXml(body)
    .mapErr((error): NotificationRefusal => ({ status: 400, reason: error.message }))
    .andThen((root) => {
      if (root.name !== 'propertyset') return refuse(400, `the root element is <${root.name}>, not <propertyset>`);
      const variables = root.children.filter(({ name }) => name === 'property').flatMap(({ children }) => children);
      const properties = new Map(variables.map(({ name, text }) => [name, text]));
      return ok({ sid, seq: Number(seq), properties });
    });
}

/** The event key that follows this one. */
export function nextSeq(seq: number): number {
  return seq >= LAST_SEQ ? 1 : seq + 1;
}

function refuse(status: NotificationRefusal['status'], reason: string): Result<never, NotificationRefusal> {
  return err({ status, reason });
}
