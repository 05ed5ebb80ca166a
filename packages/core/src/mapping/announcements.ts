/** What devices say of themselves unasked: NOTIFY, on SSDP's port, from every network that this host is on. */
import type { Datagram } from '../messages.ts';
import type { DatagramSocket, Transport } from '../ports.ts';
import { decodeSsdpMessage } from '../ssdp/decode.ts';
import type { NotifyAlive, NotifyByebye, NotifyUpdate } from '../ssdp/message.ts';
import { SSDP_GROUPS, SSDP_PORT } from '../ssdp/multicast.ts';

export type Announcement = NotifyAlive | NotifyUpdate | NotifyByebye;

/**
 * Hears announcements over IPv4 until it is closed. Where the port can't be had, nothing is heard: it is a help, and
 * everything works without it, a little later.
 *
 * @returns a function that ends it
 */
export function hearAnnouncements(
  { datagram, interfaces }: Transport,
  hear: (announcement: Announcement, from: string) => void,
): () => Promise<void> {
  const sockets: DatagramSocket[] = [];
  let isOver = false;

  async function open(): Promise<void> {
    const listed = (await interfaces.list()).unwrapOr([]);
    for (const on of listed.filter(({ family, internal }) => family === 'ipv4' && !internal)) {
      const options = {
        family: 'ipv4',
        localPort: SSDP_PORT,
        multicastInterface: on,
        memberships: SSDP_GROUPS.ipv4,
      } as const;
      const socket = (await datagram.open(options)).unwrapOr(null);
      if (socket === null) continue;
      sockets.push(socket);
      if (isOver) await socket.close();
      else void read(socket);
    }
  }

  async function read({ datagrams }: DatagramSocket): Promise<void> {
    for await (const one of datagrams) take(one);
  }

  function take({ payload, from }: Datagram): void {
    const message = decodeSsdpMessage(payload).unwrapOr(null);
    if (message?.kind === 'alive' || message?.kind === 'update' || message?.kind === 'byebye') {
      hear(message, from.address);
    }
  }

  const opened = open();
  return async () => {
    isOver = true;
    await opened;
    await Promise.all(sockets.map((socket) => socket.close()));
  };
}
