/** `pcp://10.2.0.1` and `nat-pmp://10.2.0.1`: the address of a server. */
import { err, ok, type Result } from '../../result.ts';
import { parseIpAddress } from '../../addresses/ip-address.ts';
import type { PolicyError } from '../../errors.ts';
import { excerptOf, printable } from '../../text.ts';
import type { RememberedServer } from './remembered-server.ts';

const SERVER_URL = /^(pcp|nat-pmp):\/\/(?:\[([^\]]*)\]|([^/:[\]]*))(?::5351)?\/?$/i;

/** Null: a URL of another scheme. Both protocols have one port, 5351 (RFC 6887, 19.1), and no DNS decides where this goes. */
export function parseServerUrl(url: string): Result<RememberedServer, PolicyError> | null {
  if (!/^(?:pcp|nat-pmp):/i.test(url)) return null;
  const [, scheme = '', inBrackets, plain = ''] = SERVER_URL.exec(url) ?? [];
  const address = inBrackets ?? plain;
  const parsed = parseIpAddress(address);
  const isIpv6 = address.includes(':');
  const via = scheme.toLowerCase() === 'pcp' ? 'pcp' : 'nat-pmp';
  const isWritten = isIpv6 === (inBrackets !== undefined);
  if (parsed === null || !isWritten || (via === 'nat-pmp' && isIpv6)) return err(badUrl(url));
  return ok({ via, server: { address } });
}

function badUrl(url: string): PolicyError {
  const message = `"${excerptOf(url)}" is not allowed: it is not the address of a PCP or NAT-PMP server`;
  const hint = 'Write it as pcp://192.168.1.1 or nat-pmp://192.168.1.1, and an IPv6 address as pcp://[fe80::1%eth0].';
  return { kind: 'policy', code: 'bad-url', url: printable(url), message, hint };
}
