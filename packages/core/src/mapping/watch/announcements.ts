/** Announcements: NOTIFY messages that devices send to SSDP's port unasked. */
import { classifyAddress } from '../../addresses/address-class.ts';
import { sameAddress } from '../../addresses/ip-address.ts';
import type { AddressFamily, Datagram } from '../../messages.ts';
import type { DatagramSocket, InterfaceAddress, Transport } from '../../ports.ts';
import { decodeSsdpMessage } from '../../ssdp/decode.ts';
import type { NotifyAlive, NotifyByebye, NotifyUpdate } from '../../ssdp/message.ts';
import { SSDP_GROUPS, SSDP_PORT } from '../../ssdp/multicast.ts';
import { interfacesTowards } from './local-interfaces.ts';

/** In no interface's subnet: every interface of the family is chosen. */
const ANYWHERE = ['0.0.0.0', '::'];

export type Announcement = NotifyAlive | NotifyUpdate | NotifyByebye;

/**
 * Listens for the announcements of one host. Senders are easily forged, so an announcement is only a reason to check. If
 * the port cannot be opened, none arrives, and polling finds the changes later.
 *
 * @param host - null: any host, on every interface
 * @returns a function that ends it
 */
export function listenForAnnouncements(
  transport: Transport,
  host: string | null,
  onAnnouncement: (announcement: Announcement) => void,
): () => Promise<void> {
  const sockets: DatagramSocket[] = [];

  async function open(towards: string): Promise<void> {
    const family: AddressFamily = towards.includes(':') ? 'ipv6' : 'ipv4';
    const near = await interfacesTowards(towards, transport);
    // An interface may not be up yet, or the system may hide the list from programs: use the system's default.
    const chosen = near === null || near.length === 0 ? [undefined] : distinct(near);
    for (const multicastInterface of chosen) {
      const options = { family, localPort: SSDP_PORT, multicastInterface, memberships: SSDP_GROUPS[family] };
      const socket = (await transport.datagram.open(options)).unwrapOr(null);
      if (socket === null) continue;
      sockets.push(socket);
      void read(socket);
    }
  }

  async function read({ datagrams }: DatagramSocket): Promise<void> {
    for await (const one of datagrams) take(one);
  }

  function take({ payload, from }: Datagram): void {
    if (host !== null && !isFrom(host, from.address)) return;
    const message = decodeSsdpMessage(payload).unwrapOr(null);
    if (message?.kind === 'alive' || message?.kind === 'update' || message?.kind === 'byebye') onAnnouncement(message);
  }

  const opened = Promise.all((host === null ? ANYWHERE : [host]).map(open));
  return async () => {
    await opened;
    await Promise.all(sockets.map((socket) => socket.close()));
  };
}

/** IPv6 groups are joined by interface, not by address. */
function distinct(interfaces: readonly InterfaceAddress[]): Iterable<InterfaceAddress> {
  return new Map(interfaces.map((on) => [on.family === 'ipv4' ? on.address : on.name, on])).values();
}

/** A host sends to FF02::C from its link-local address (RFC 6724, 5, rule 2), whichever address its URLs have. */
function isFrom(host: string, sender: string): boolean {
  return sameAddress(sender, host) || (host.includes(':') && classifyAddress(sender) === 'link-local');
}
