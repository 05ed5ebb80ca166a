import type { Datagram } from '../messages.ts';
import type { AbortSignalLike, Transport } from '../ports.ts';
import { SSDP_GROUPS, SSDP_PORT } from '../ssdp/multicast.ts';
import type { SearchSocket } from './search-sockets.ts';

/**
 * Hears what devices announce to everybody on the interface of a search socket: some answer searches by multicast alone.
 * If the port can't be shared, none is heard, and the search goes on without.
 *
 * @param over - ends it
 */
export async function hearAnnouncements(
  { datagram }: Transport,
  { family, on }: SearchSocket,
  take: (datagram: Datagram) => void,
  over: AbortSignalLike,
): Promise<void> {
  const options = { family, multicastInterface: on, localPort: SSDP_PORT, memberships: SSDP_GROUPS[family] };
  const socket = (await datagram.open(options)).unwrapOr(null);
  if (socket === null) return;
  const close = (): void => void socket.close();
  over.addEventListener('abort', close);
  if (over.aborted) close();
  for await (const one of socket.datagrams) take(one);
}
