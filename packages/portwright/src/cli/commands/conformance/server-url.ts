import { isIpv4, isIpv6 } from '../../arguments/values.ts';

/** The address in `pcp://192.168.1.1` or `nat-pmp://[fe80::1%eth0]`; null: it is another URL. */
export function serverIn(url: string): string | null {
  const [, address6, address4] = /^(?:pcp|nat-pmp):\/\/(?:\[([^\]]+)\]|([^/:]+))$/i.exec(url) ?? [];
  if (address6 !== undefined) return isIpv6(address6.replace(/%.*/, '')) ? address6 : null;
  return address4 !== undefined && isIpv4(address4) ? address4 : null;
}
