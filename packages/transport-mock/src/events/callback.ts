import { err, ok, type Result } from '@portwright/core/result';
import { readHttpUrl } from '../http/http-url.ts';
import { canonicalAddress } from '../network/ip-address.ts';

/** A CALLBACK above this is refused: a device "MUST NOT truncate this URL in any way" (UDA 1.1, 4.1.2). */
const MAXIMUM_LENGTH = 2_048;

/**
 * UDA 1.1, 4.1.2: "One or more URLs each enclosed by angle brackets", to be tried in their order. The error says what is
 * wrong, and stands for 412.
 *
 * Every URL has to lead back to the host that subscribes. Until April 17, 2020 nothing forbade others, so that anybody
 * could turn a device against a third host (CVE-2020-12695, CallStranger). UDA 2.0 of that date wants the same network
 * segment; the subscriber's own address is narrower, needs no name server, and is all that a control point uses.
 *
 * @param caller - the address that the request came from
 */
export function readCallback(value: string | undefined, caller: string): Result<readonly string[], string> {
  if (value === undefined) return err('CALLBACK is missing');
  if (value.length > MAXIMUM_LENGTH) return err(`CALLBACK is longer than ${MAXIMUM_LENGTH} characters`);
  if (!/^\s*(?:<[^<>\s]*>\s*)+$/.test(value)) return err('CALLBACK must be one or more URLs in angle brackets');
  const urls = [...value.matchAll(/<([^<>]*)>/g)].map((match) => match[1] ?? '');
  for (const url of urls) {
    const target = readHttpUrl(url);
    if (target === null) return err(`CALLBACK must contain http URLs only, not ${url}`);
    const host = canonicalAddress(target.host);
    if (host === null) return err(`CALLBACK must use IP addresses, not ${target.host}`);
    if (host !== canonicalAddress(caller))
      return err(`CALLBACK leads to ${target.host}, but the subscriber is ${caller}`);
  }
  return ok(urls);
}
