import type { DefaultRouter } from '@portwright/core';

/** Flags of a route, from Linux's include/uapi/linux/route.h. */
const RTF_UP = 0x1;
const RTF_GATEWAY = 0x2;

/** Of an IPv6 route, its router's preference (RFC 4191): 1 high, 0 medium, 3 low. From include/uapi/linux/ipv6_route.h. */
const PREFERENCE_SHIFT = 27;
const RANKS: readonly number[] = [1, 0, 1, 2];

/** The next hop of a default route, and what the system prefers it by: the lowest first. */
interface Route {
  readonly router: DefaultRouter;
  readonly metric: number;
  readonly rank: number;
}

/**
 * The next hops of the default routes in the text of Linux's /proc/net/route, the lowest metric first. A route without a
 * next hop (a tunnel) has none, nor one whose next hop is an IPv6 address: the table shows it as 0.0.0.0.
 *
 * @param endianness the machine's: the kernel prints addresses, which are in network order, as if they were in its own
 */
export function ipv4DefaultRouters(table: string, endianness: 'BE' | 'LE'): readonly DefaultRouter[] {
  // The first line holds the columns' names, and no default route's destination.
  return preferredFirst(
    table.split('\n').flatMap((line): readonly Route[] => {
      const [name = '', destination, gateway = '', flags = '', , , metric, mask] = line.trim().split(/\s+/);
      if (destination !== '00000000' || mask !== '00000000' || !hasRouter(flags, gateway, 8)) return [];
      return [
        { router: { name, family: 'ipv4', address: dotted(gateway, endianness) }, metric: Number(metric), rank: 0 },
      ];
    }),
  );
}

/** The same for /proc/net/ipv6_route: of routes with one metric, that of the router with the highest preference first. */
export function ipv6DefaultRouters(table: string): readonly DefaultRouter[] {
  return preferredFirst(
    table.split('\n').flatMap((line): readonly Route[] => {
      const columns = line.trim().split(/\s+/);
      const [destination = '', length, source = '', sourceLength, gateway = '', metric = '', , , flags = ''] = columns;
      const isDefault =
        /^0{32}$/.test(destination) && length === '00' && /^0{32}$/.test(source) && sourceLength === '00';
      const name = columns[9];
      if (!isDefault || name === undefined || !hasRouter(flags, gateway, 32)) return [];
      const zone = /^fe[89ab]/i.test(gateway) ? `%${name}` : '';
      const rank = RANKS[(Number.parseInt(flags, 16) >>> PREFERENCE_SHIFT) & 3] ?? 1;
      const address = `${compressed(gateway)}${zone}`;
      return [{ router: { name, family: 'ipv6', address }, metric: Number.parseInt(metric, 16), rank }];
    }),
  );
}

/** Whether a route is up and has a next hop, written in that many digits. */
function hasRouter(flags: string, gateway: string, digits: number): boolean {
  const isUp = (Number.parseInt(flags, 16) & (RTF_UP | RTF_GATEWAY)) === (RTF_UP | RTF_GATEWAY);
  return isUp && gateway.length === digits && /^(?!0*$)[\da-f]+$/i.test(gateway);
}

/** Each router once: the list has the IPv6 routes of all the system's tables. */
function preferredFirst(routes: readonly Route[]): readonly DefaultRouter[] {
  const sorted = routes.toSorted((a, b) => a.metric - b.metric || a.rank - b.rank);
  const seen = new Set<string>();
  return sorted.flatMap(({ router }) => {
    const key = `${router.name} ${router.address}`;
    return seen.size === seen.add(key).size ? [] : [router];
  });
}

function dotted(hex: string, endianness: 'BE' | 'LE'): string {
  const bytes = [0, 2, 4, 6].map((at) => Number.parseInt(hex.slice(at, at + 2), 16));
  return (endianness === 'LE' ? bytes.reverse() : bytes).join('.');
}

/** 32 digits as RFC 5952 writes an IPv6 address: the longest run of zero groups, and of two the first, is left out. */
function compressed(hex: string): string {
  const groups = Array.from({ length: 8 }, (_, at) => Number.parseInt(hex.slice(at * 4, at * 4 + 4), 16).toString(16));
  const text = groups.join(':');
  const runs = text.match(/\b0(?::0)+\b/g) ?? [];
  const longest = runs.reduce((best, run) => (run.length > best.length ? run : best), '');
  if (longest === '') return text;
  const marked = `:${text}:`.replace(`:${longest}:`, ':*:').slice(1, -1);
  return marked.replace(/:?\*:?/, '::');
}
