/** Where a search went, and what it could not use: what a person has to know when nobody has answered. */
import { classifyAddress } from '../addresses/address-class.ts';
import { inSubnet, sameAddress } from '../addresses/ip-address.ts';
import type { LateAnswer, SearchedInterface, SearchFacts, UnsearchedInterface } from '../errors.ts';
import type { UnconnectedInterface } from '../messages.ts';
import type { InterfaceAddress, Transport } from '../ports.ts';
import { DEFAULT_TIMEOUT_MS } from '../ssdp/search-schedule.ts';
import { ipv4DefaultRouter } from './default-router.ts';
import type { SearchOptions } from './search-types.ts';

/** What a search has learned by itself. */
export interface Searched {
  /** None where it failed before it began. */
  readonly interfaces: readonly SearchedInterface[];
  readonly late: readonly LateAnswer[];
}

/** What this system says of its network. */
export interface SystemFacts {
  readonly listed: readonly InterfaceAddress[];
  readonly defaultRouter: string | null;
  readonly unconnected: readonly UnconnectedInterface[];
}

/** Asks the system again: an interface may have gone, or come, during the search. */
export async function readSystem(transport: Transport): Promise<SystemFacts> {
  const { interfaces } = transport;
  const [listed, defaultRouter, unconnected] = await Promise.all([
    interfaces.list(),
    ipv4DefaultRouter(transport),
    interfaces.unconnected?.(),
  ]);
  return {
    listed: listed.unwrapOr([]),
    defaultRouter,
    unconnected: unconnected?.unwrapOr([]) ?? [],
  };
}

export function searchFacts(
  { timeoutMs = DEFAULT_TIMEOUT_MS, families = ['ipv4'], interface: wanted = '' }: SearchOptions,
  { interfaces, late }: Searched,
  { listed: all, defaultRouter, unconnected }: SystemFacts,
): SearchFacts {
  const listed = all.filter(({ internal }) => !internal);
  const isWanted = ({ name, address }: { readonly name: string; readonly address?: string }): boolean =>
    wanted === '' || name === wanted || (address !== undefined && sameAddress(address, wanted));
  const without = families.includes('ipv4') ? 'no-ipv4' : 'no-ipv6';
  const names = new Set(listed.filter(isWanted).map(({ name }) => name));
  const others = [...names]
    .filter((name) => !listed.some((one) => one.name === name && families.includes(one.family)))
    .map((name): UnsearchedInterface => ({ name, reason: without, address: addressBeyondLink(listed, name) }));
  const unused = unconnected
    .filter((one) => isWanted(one) && !names.has(one.name))
    .map((one): UnsearchedInterface => ({ ...one, address: null }));
  const isNear = ({ name, address, prefixLength }: InterfaceAddress): boolean =>
    interfaces.some((searched) => searched.name === name) && inSubnet(defaultRouter ?? '', address, prefixLength);
  return {
    interfaces,
    unsearched: [...others, ...unused],
    defaultRouter,
    isRouterSearched: listed.some(isNear),
    timeoutMs,
    late,
  };
}

function addressBeyondLink(listed: readonly InterfaceAddress[], name: string): string | null {
  return listed.find((one) => one.name === name && classifyAddress(one.address) !== 'link-local')?.address ?? null;
}
