/** The options that commands share, and what they come to. */
import { Option } from 'commander';
import type { Protocol } from '@portwright/core';
import type { GatewayFlags, SearchFlags } from './requests.ts';
import { readProtocols, readText, readTimeout, readUrl } from './values.ts';

/** Everything that may be given, as commander hands it over. */
export interface Flags {
  readonly json?: true;
  readonly simulate?: true;
  readonly interface?: string;
  readonly ipv6?: true;
  readonly timeout?: number;
  readonly gateway?: string;
  readonly protocol?: readonly Protocol[];
  readonly lease?: number;
  readonly description?: string;
  readonly location?: string;
}

/** An option with a value. */
export function option(flags: string, description: string, read: (text: string) => unknown): Option {
  return new Option(flags, description).argParser(read);
}

/** Opens the least that can be meant; game servers mostly need udp, or both. */
export const DEFAULT_PROTOCOLS: readonly Protocol[] = ['TCP'];

export function protocolOption(): Option {
  return option('--protocol <tcp|udp|both>', 'default: tcp', readProtocols);
}

export function timeoutOption(defaultMs: number): Option {
  return option('--timeout <ms>', `how long to wait for answers (default: ${defaultMs})`, readTimeout);
}

export function searchOptions(): readonly Option[] {
  return [
    option('--interface <name>', 'search on this network interface only', readText('--interface')),
    new Option('--ipv6', 'search over IPv6 as well'),
    timeoutOption(2000),
  ];
}

export function gatewayOptions(): readonly Option[] {
  const description = "the URL of the gateway's description, in place of a search";
  const url = option('--gateway <url>', description, readUrl('--gateway'));
  return [url.conflicts(['interface', 'ipv6']), ...searchOptions()];
}

export function searchFlags({ simulate, interface: name, ipv6, timeout }: Flags): SearchFlags {
  return { simulate: simulate === true, interface: name, ipv6: ipv6 === true, timeoutMs: timeout };
}

export function gatewayFlags(flags: Flags): GatewayFlags {
  return { ...searchFlags(flags), gateway: flags.gateway };
}
