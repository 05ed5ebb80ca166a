/** Announcements of PCP and NAT-PMP servers: datagrams to every host, after a restart or an address change. */
import { sameAddress } from '../../addresses/ip-address.ts';
import { versionOf } from '../../pcp/decode.ts';
import { PCP_CLIENT_PORT, PCP_GROUPS } from '../../pcp/endpoints.ts';
import type { DatagramSocket, InterfaceAddress, Transport } from '../../ports.ts';
import { familyOf } from './control-lease.ts';
import type { ControlServer } from './port-control.ts';

/**
 * Listens for the announcements of one server. Anybody can send one in its name, so it is only a reason to ask. The port is for
 * listening alone: two programs that sent requests from it would get each other's answers. If it can't be opened, none
 * arrives, and polling finds the changes later.
 *
 * @param near - this host's addresses towards the server; groups are joined there
 * @returns a function that ends it
 */
export function listenToServer(
  { datagram }: Transport,
  server: ControlServer,
  near: readonly InterfaceAddress[],
  onAnnouncement: () => void,
): () => Promise<void> {
  const family = familyOf(server);
  const [multicastInterface] = near;
  const options = { family, localPort: PCP_CLIENT_PORT, multicastInterface, memberships: [PCP_GROUPS[family]] };

  async function listen(): Promise<DatagramSocket | null> {
    const socket = (await datagram.open(options)).unwrapOr(null);
    if (socket !== null) void read(socket);
    return socket;
  }

  async function read({ datagrams }: DatagramSocket): Promise<void> {
    for await (const { payload, from } of datagrams) {
      const version = versionOf(payload);
      if (sameAddress(from.address, server.address) && (version === 0 || version === 2)) onAnnouncement();
    }
  }

  const listening = listen();
  return async () => {
    await (await listening)?.close();
  };
}
