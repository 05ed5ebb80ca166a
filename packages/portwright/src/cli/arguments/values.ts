/** Readers of words on the command line that several options share. */
import { classifyAddress, type Protocol } from '@portwright/core';
import type { Via } from '@portwright/core/mapping';
import { err, ok } from '@portwright/core/result';
import type { Reader } from './option.ts';

/** @param what - how a message names the value: `the port`, `--seed` */
export function readNumber(what: string, from: number, to: number, unit = ''): Reader<number> {
  return (text) => {
    const value = /^\d{1,15}$/.test(text) ? Number(text) : Number.NaN;
    if (value >= from && value <= to) return ok(value);
    return err(`${what} must be a whole number${unit} from ${from} to ${to}, not "${text}"`);
  };
}

export function readPortNumber(what: string): Reader<number> {
  return readNumber(what, 1, 65_535);
}

const UNIT_SECONDS = [86_400, 3600, 60, 1] as const;

/** `7d`, `12h`, `1h30m`, `90s`, or plain seconds. */
export function readLease(from: number, to: number, example: string): Reader<number> {
  return (text) => {
    const parts = /^(?:(\d{1,10})d)?(?:(\d{1,10})h)?(?:(\d{1,10})m)?(?:(\d{1,10})s)?$/i.exec(text);
    const inUnits = UNIT_SECONDS.reduce((sum, unit, at) => sum + Number(parts?.[at + 1] ?? 0) * unit, 0);
    const isPlain = /^\d{1,15}$/.test(text);
    const value = isPlain ? Number(text) : parts === null || text === '' ? Number.NaN : inUnits;
    if (value >= from && value <= to) return ok(value);
    return err(`--lease must be a time such as 30m, 1h or ${example}, from ${from} to ${to} seconds, not "${text}"`);
  };
}

export const readProtocols: Reader<readonly Protocol[]> = (text) => {
  switch (text.toLowerCase()) {
    case 'tcp':
      return ok<readonly Protocol[]>(['TCP']);
    case 'udp':
      return ok<readonly Protocol[]>(['UDP']);
    case 'both':
      return ok<readonly Protocol[]>(['TCP', 'UDP']);
    default:
      return err(`--protocol must be tcp, udp or both, not "${text}"`);
  }
};

/** The URL policy is core's. This reader refuses what cannot be meant as a URL. */
export function readUrl(option: string): Reader<string> {
  return (text) => {
    if (!/^http:\/\/[^/]/i.test(text) || !URL.canParse(text)) {
      return err(`${option} must be an http:// URL, such as http://192.168.1.1:5000/rootDesc.xml, not "${text}"`);
    }
    if (new URL(text).username !== '') return err(`${option} must not contain a user name or a password`);
    return ok(text);
  };
}

/** The same, or the address of a PCP or NAT-PMP server. */
export function readRouterUrl(option: string): Reader<string> {
  const readHttpUrl = readUrl(option);
  return (text) => (/^(?:pcp|nat-pmp):\/\/[^/]/i.test(text) ? ok(text) : readHttpUrl(text));
}

const VIA_NAMES: Readonly<Record<string, Via>> = { upnp: 'upnp-igd', pcp: 'pcp', 'nat-pmp': 'nat-pmp' };

/** `pcp,nat-pmp,upnp`: the preferred one first. */
export const readVia: Reader<readonly Via[]> = (text) => {
  const names = text.toLowerCase().split(',');
  const via = names.map((name) => VIA_NAMES[name.trim()]);
  const known = via.filter((one) => one !== undefined);
  return known.length === names.length && new Set(known).size === known.length
    ? ok(known)
    : err(`--via must be a list of upnp, pcp and nat-pmp, such as pcp,upnp, not "${text}"`);
};

export function readText(option: string): Reader<string> {
  return (text) => (text.trim() === '' ? err(`${option} must not be empty`) : ok(text));
}

export function isIpv4(text: string): boolean {
  return text.includes('.') && classifyAddress(text) !== 'invalid';
}

export function isIpv6(text: string): boolean {
  return text.includes(':') && classifyAddress(text) !== 'invalid';
}
