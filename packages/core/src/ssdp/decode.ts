import { err, ok, type Result } from '../result.ts';
import { BYTES, checkArguments } from '../arguments.ts';
import type { InvalidArgumentError, MalformedError } from '../errors.ts';
import { malformed } from '../malformed.ts';
import { headerValue, type Headers } from '../messages.ts';
import { decodeSsdpHead, parseHost, type SsdpHead } from './decode-head.ts';
import { percentEncoded, wholeNumber } from '../text.ts';
import { FORMS, MAX_NUMBER, type FieldType } from './forms.ts';
import type { SsdpMessage } from './message.ts';

/** Without these a message can't be acted on. USN is only wanted where nothing else names the device. */
const REQUIRED: Readonly<Record<SsdpMessage['kind'], readonly string[]>> = {
  'm-search': ['ST'],
  response: ['ST', 'LOCATION'],
  alive: ['NT', 'LOCATION'],
  update: ['NT', 'LOCATION'],
  byebye: ['NT', 'USN'],
};

/**
 * The message in a datagram, read liberally: see {@link decodeSsdpHead} for the form. Header names and the start line are
 * compared without regard to case; an answer needs no reason phrase; every header but those that give the message its
 * meaning may be missing or unusable, and is null then. Spaces in LOCATION are dropped or percent-encoded.
 *
 * Errors (`datagram`): those of decodeSsdpHead; a start line of another kind, a status other than 200; a NOTIFY with an
 * unknown NTS, a search whose MAN is not `ssdp:discover`; no ST (NT in a NOTIFY), no LOCATION (no USN in a byebye).
 */
export function decodeSsdpMessage(datagram: Uint8Array): Result<SsdpMessage, MalformedError | InvalidArgumentError> {
  const decoded = checkArguments(['datagram', datagram, BYTES]).andThen(() => decodeSsdpHead(datagram));
  return decoded.andThen((head) => {
    const kind = kindOf(head);
    if (typeof kind !== 'string') return err(kind);
    const missing = REQUIRED[kind].find((name) => !headerValue(head.headers, name));
    if (missing === undefined) return ok(toMessage(kind, head.headers));
    const found = head.headers.map(([name]) => name).join(', ');
    return err(malformed('datagram', `a ${missing} header`, 'the headers', found));
  });
}

function kindOf({ startLine, headers }: SsdpHead): SsdpMessage['kind'] | MalformedError {
  if (/^HTTP\/\d\.\d\s+200(?:\s|$)/i.test(startLine)) return 'response';
  if (/^NOTIFY\s+\*\s+HTTP\/\d\.\d$/i.test(startLine)) {
    const nts = headerValue(headers, 'NTS') ?? '';
    const kind = /^ssdp:(alive|update|byebye)$/i.exec(nts)?.[1]?.toLowerCase();
    if (kind !== undefined) return kind as 'alive' | 'update' | 'byebye';
    return malformed('datagram', 'ssdp:alive, ssdp:update or ssdp:byebye', 'the NTS header', nts);
  }
  if (/^M-SEARCH\s+\*\s+HTTP\/\d\.\d$/i.test(startLine)) {
    const man = headerValue(headers, 'MAN') ?? '';
    if (/^"?ssdp:discover"?$/i.test(man)) return 'm-search';
    return malformed('datagram', '"ssdp:discover"', 'the MAN header', man);
  }
  return malformed('datagram', 'an answer with status 200, NOTIFY or M-SEARCH', 'line 1', startLine);
}

function toMessage(kind: SsdpMessage['kind'], headers: Headers): SsdpMessage {
  const message: Record<string, unknown> = { kind };
  for (const [header, property, type] of FORMS[kind].fields) {
    if (type === undefined) continue;
    const text = headerValue(headers, header);
    message[property] = text ? (readers[type](property === 'location' ? withoutSpaces(text) : text) ?? null) : null;
  }
  // The form of that kind names the properties of that message, and each reader gives its property's type.
  return message as unknown as SsdpMessage;
}

/**
 * A URL has no spaces (RFC 3986, appendix C). Before the path and after a slash they are dropped. Elsewhere in the path,
 * they and letters that are not ASCII are percent-encoded, since the file may really be called that.
 */
function withoutSpaces(url: string): string {
  const spaced = url.replaceAll('\t', ' ');
  const [, origin = '', path = spaced] = /^([^/]*\/ *\/[^/]*)(.*)$/.exec(spaced) ?? [];
  return origin.replaceAll(' ', '') + percentEncoded(path.replace(/\/ +/g, '/'));
}

const readers: Readonly<Record<FieldType, (text: string) => unknown>> = {
  text: (text) => text,
  number: (text) => wholeNumber(text, MAX_NUMBER),
  port: (text) => wholeNumber(text, 65_535) || null,
  'max-age': (text) => wholeNumber(/max-age\s*=\s*"?(\d+)/i.exec(text)?.[1] ?? '', MAX_NUMBER),
  host: parseHost,
};
