/** What devices say of themselves unasked: NOTIFY, on SSDP's port, from the network that a gateway is on. */
import { classifyAddress } from '../../addresses/address-class.ts';
import { sameAddress } from '../../addresses/ip-address.ts';
import type { AddressFamily, Datagram } from '../../messages.ts';
import type { DatagramSocket, InterfaceAddress, Transport } from '../../ports.ts';
import { decodeSsdpMessage } from '../../ssdp/decode.ts';
import type { NotifyAlive, NotifyByebye, NotifyUpdate } from '../../ssdp/message.ts';
import { SSDP_GROUPS, SSDP_PORT } from '../../ssdp/multicast.ts';
import { interfacesTowards } from './local-interfaces.ts';

/** On no network: every interface of its family leads there as well as any other. */
const ANYWHERE = ['0.0.0.0', '::'];

export type Announcement = NotifyAlive | NotifyUpdate | NotifyByebye;

/**
 * Hears what comes from a host's address until it is closed. Senders are easily forged: what is heard is a reason to
 * look, and nothing more. Where the port can't be had, nothing is heard: it is a help, and everything works without it,
 * a little later.
 *
 * @param host - null: from anybody, on every interface
 * @returns a function that ends it
 */
export function hearAnnouncements(
  transport: Transport,
  host: string | null,
  hear: (announcement: Announcement) => void,
): () => Promise<void> {
  const sockets: DatagramSocket[] = [];
  let isOver = false;

  async function open(towards: string): Promise<void> {
    const family: AddressFamily = towards.includes(':') ? 'ipv6' : 'ipv4';
    const near = await interfacesTowards(towards, transport);
    // Nothing listed: an interface that is not up yet, or a system that keeps the list from programs, and has a default.
    const chosen = near === null || near.length === 0 ? [undefined] : distinct(near);
    for (const multicastInterface of chosen) {
      const options = { family, localPort: SSDP_PORT, multicastInterface, memberships: SSDP_GROUPS[family] };
      const socket = (await transport.datagram.open(options)).unwrapOr(null);
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
    if (host !== null && !isFrom(host, from.address)) return;
    const message = decodeSsdpMessage(payload).unwrapOr(null);
    if (message?.kind === 'alive' || message?.kind === 'update' || message?.kind === 'byebye') hear(message);
  }

  const opened = Promise.all((host === null ? ANYWHERE : [host]).map(open));
  return async () => {
    isOver = true;
    await opened;
    await Promise.all(sockets.map((socket) => socket.close()));
  };
}

/** Multicast of IPv6 is joined by interface, not by address. */
function distinct(interfaces: readonly InterfaceAddress[]): Iterable<InterfaceAddress> {
  return new Map(interfaces.map((on) => [on.family === 'ipv4' ? on.address : on.name, on])).values();
}

/** To FF02::C a host sends from its link-local address (RFC 6724, 5, rule 2), whichever one its URLs have. */
function isFrom(host: string, sender: string): boolean {
  return sameAddress(sender, host) || (host.includes(':') && classifyAddress(sender) === 'link-local');
}
