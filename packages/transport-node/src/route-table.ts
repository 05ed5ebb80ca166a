/** Flags of a route, from Linux's include/uapi/linux/route.h. */
const RTF_UP = 0x1;
const RTF_GATEWAY = 0x2;

/**
 * The gateway of the default IPv4 route with the lowest metric in the text of Linux's /proc/net/route, or null.
 *
 * @param endianness the machine's: the kernel prints addresses, which are in network order, as if they were in its own
 */
export function defaultGatewayIn(table: string, endianness: 'BE' | 'LE'): string | null {
  let best: { readonly gateway: string; readonly metric: number } | undefined;
  // The first line holds the columns' names, and no default route's destination.
  for (const line of table.split('\n')) {
    const [, destination, gateway = '', flags = '', , , metric, mask] = line.trim().split(/\s+/);
    if (destination !== '00000000' || mask !== '00000000') continue;
    if (!hasFlags(flags, RTF_UP | RTF_GATEWAY) || !/^[\dA-F]{8}$/i.test(gateway)) continue;
    const candidate = { gateway, metric: Number(metric) };
    if (best === undefined || candidate.metric < best.metric) best = candidate;
  }
  return best === undefined ? null : dotted(best.gateway, endianness);
}

function hasFlags(hex: string, wanted: number): boolean {
  return (Number.parseInt(hex, 16) & wanted) === wanted;
}

function dotted(hex: string, endianness: 'BE' | 'LE'): string {
  const bytes = [0, 2, 4, 6].map((at) => Number.parseInt(hex.slice(at, at + 2), 16));
  return (endianness === 'LE' ? bytes.reverse() : bytes).join('.');
}
