import type { AddressFamily, Datagram, Endpoint, HttpRequest } from '@portwright/core';
import type { HttpOutcome, MemoryNetwork, NetworkHost } from '@portwright/transport-mock';
import { okAsync } from '@portwright/core/result';
import type {
  Answer,
  DatagramPeer,
  HttpPeer,
  MulticastPlace,
  Peer,
  PeerConnection,
  PeerRequest,
  PeerSocket,
} from './peer.ts';

/** The host that the peer is, and the one that the transport is by default. */
const PEER: Readonly<Record<AddressFamily, string>> = { ipv4: '192.168.1.1', ipv6: 'fd77::1' };
const PEER_LINK_LOCAL = 'fe80::1';
const CLIENT: Readonly<Record<AddressFamily, string>> = { ipv4: '192.168.1.2', ipv6: 'fd77::2' };

const GROUPS: Readonly<Record<AddressFamily, MulticastPlace>> = {
  ipv4: {
    via: { name: 'lan0', family: 'ipv4', address: '192.168.1.2', prefixLength: 24, internal: false },
    group: '239.255.255.250',
    secondGroup: '239.255.255.246',
    strangeGroup: '239.255.255.247',
    port: 1900,
  },
  ipv6: {
    via: { name: 'lan0', family: 'ipv6', address: 'fe80::2', prefixLength: 64, internal: false, zone: 'lan0' },
    group: 'ff02::c',
    secondGroup: 'ff05::c',
    strangeGroup: 'ff02::d',
    port: 1900,
  },
};

const NO_BYTES = 'the simulated network carries messages, and no bytes';

/** The other end as hosts on a simulated network. Time is the network's own, and passes by itself. */
export function memoryPeer(network: MemoryNetwork): Peer {
  let lastPort = 5000;
  const nextPort = (): number => (lastPort += 1);
  const host = createHost();
  network.attach(host.host);
  // None for IPv4: an address without a route has to stay one.
  network.defaultGateway6 = PEER_LINK_LOCAL;
  return {
    lacks: { wire: NO_BYTES, 'held-port': 'each host of the simulated network has ports of its own' },
    http: httpPeer(network, host, nextPort),
    datagram: datagramPeer(network, host, nextPort),
    defaultRouters: [{ name: 'lan0', family: 'ipv6', address: `${PEER_LINK_LOCAL}%lan0` }],
  };
}

/** What listens on the peer's host, by port. */
interface Host {
  readonly host: NetworkHost;
  readonly servers: Map<number, (request: HttpRequest, from: string) => HttpOutcome>;
  readonly sockets: Set<{ readonly port: number; readonly hear: (datagram: Datagram) => void }>;
}

function createHost(): Host {
  const servers: Host['servers'] = new Map();
  const sockets: Host['sockets'] = new Set();
  const host: NetworkHost = {
    addresses: [PEER.ipv4, PEER.ipv6, PEER_LINK_LOCAL],
    http: (port, request, from) =>
      servers.get(port)?.(request, from) ?? { kind: 'failure', code: 'refused', cause: 'ECONNREFUSED', delayMs: 0 },
    datagram: (payload, to, from) => {
      const listening = [...sockets].filter(({ port }) => port === to.port);
      for (const { hear } of listening) hear({ payload, from });
      return listening.length === 0 ? 'refused' : [];
    },
  };
  return { host, servers, sockets };
}

function httpPeer(network: MemoryNetwork, { servers }: Host, nextPort: () => number): HttpPeer {
  return {
    serve: (answer, family) => {
      const port = nextPort();
      const connections: PeerConnection[] = [];
      const arrivals = createArrivals();
      servers.set(port, (message, from) => {
        const request = received(message, from);
        connections.push({
          request,
          received: () => null,
          halfClosedEarly: () => false,
          gone: Promise.resolve(),
        });
        arrivals.count();
        return outcomeOf(answer(request));
      });
      const origin = family === 'ipv6' ? `http://[${PEER.ipv6}]:${port}` : `http://${PEER.ipv4}:${port}`;
      const close = (): Promise<boolean> => Promise.resolve(servers.delete(port));
      return okAsync({ origin, connections, arrived: arrivals.reached, close });
    },
    refusing: () => okAsync(`http://${PEER.ipv4}:${nextPort()}`),
    unreachable: 'http://203.0.113.1:80',
    secondAddress: { family: 'ipv6', address: 'fe80::2%lan0' },
    foreignAddress: '203.0.113.77',
    send: async (request) => {
      const outcome = await network.request(request, PEER.ipv4);
      return outcome?.kind === 'response' ? outcome.response.status : null;
    },
  };
}

function received({ method, url, headers, body }: HttpRequest, from: string): PeerRequest {
  return { method, target: url.replace(/^http:\/\/[^/]*/, ''), headers, body, from };
}

function outcomeOf({ outcome }: Answer): HttpOutcome {
  switch (outcome?.kind) {
    case 'response': {
      const { delayMs, ...response } = outcome;
      return { kind: 'response', response, delayMs };
    }
    case 'failure':
      return { kind: 'failure', code: outcome.code, delayMs: 0 };
    default:
      return { kind: 'failure', code: 'timeout', cause: 'ETIMEDOUT', delayMs: Infinity };
  }
}

function datagramPeer(network: MemoryNetwork, { sockets }: Host, nextPort: () => number): DatagramPeer {
  return {
    open: (family, { address, group, port = nextPort() } = {}) => {
      const own = group === GROUPS.ipv6.group ? PEER_LINK_LOCAL : PEER[family];
      const endpoint: Endpoint = { address: address ?? own, port };
      const heard: Datagram[] = [];
      const arrivals = createArrivals();
      const socket = {
        port: endpoint.port,
        hear: (datagram: Datagram) => {
          heard.push(datagram);
          arrivals.count();
        },
      };
      sockets.add(socket);
      const peer: PeerSocket = {
        endpoint,
        received: heard,
        arrived: arrivals.reached,
        send: (payload, to) => {
          // The network takes any address for a group.
          network.multicast(payload, endpoint, to.address, to.port);
          return Promise.resolve();
        },
        close: () => Promise.resolve(sockets.delete(socket)),
      };
      return okAsync(peer);
    },
    secondAddress: '192.168.1.99',
    refusing: () => okAsync({ address: PEER.ipv4, port: nextPort() }),
    clientAddress: (family) => CLIENT[family],
    multicast: (family) => GROUPS[family],
    unreachable: '203.0.113.1',
    hold: (_, port = nextPort()) => okAsync({ port, close: () => Promise.resolve() }),
  };
}

function createArrivals(): { readonly count: () => void; readonly reached: (count: number) => Promise<void> } {
  let arrived = 0;
  const waiting: { readonly count: number; readonly resolve: () => void }[] = [];
  return {
    count: () => {
      arrived += 1;
      for (const { count, resolve } of waiting) if (arrived >= count) resolve();
    },
    reached: (count) =>
      new Promise((resolve) => {
        if (arrived >= count) resolve();
        else waiting.push({ count, resolve });
      }),
  };
}
