import type { DatagramPort } from '@portwright/core';
import { inconclusive } from '../shortfall.ts';
import type { ContractCase } from './contract-case.ts';
import { arrive, freePort, openPeer, openSocket } from './datagram-socket.ts';
import { assumed, given, same, succeeds } from './expectations.ts';
import { bytes } from './messages.ts';

const VIA =
  'DatagramOptions.multicastInterface: The interface from which multicast leaves and on which groups are joined';
const JOINED = 'DatagramOptions.memberships: Multicast groups to join, for unsolicited announcements.';

/** Groups: sent to, and joined. */
export const DATAGRAM_MULTICAST: readonly ContractCase<DatagramPort>[] = [
  {
    id: 'datagram/multicast-sent',
    what: 'A datagram to a group reaches every member.',
    clause: VIA,
    needs: ['multicast'],
    check: async function* (datagram, bench) {
      const place = yield* given('a group', bench.peer.datagram.multicast('ipv4'));
      const members = [yield* await openPeer(bench, 'ipv4', place), yield* await openPeer(bench, 'ipv4', place)];
      const { socket } = yield* await openSocket(datagram, bench, {
        family: 'ipv4',
        multicastInterface: place.via,
        ttl: 2,
      });
      yield* succeeds('sending', await socket.send(bytes('M-SEARCH'), { address: place.group, port: place.port }));
      for (const member of members) {
        yield* await arrive(bench, member, 1);
        yield* same('the payload', bytes('M-SEARCH'), member.received[0]?.payload);
      }
    },
  },
  {
    id: 'datagram/multicast-heard',
    what: 'A socket receives datagrams of the group that it has joined, with their sender.',
    clause: JOINED,
    needs: ['multicast'],
    check: async function* (datagram, bench) {
      const place = yield* given('a group', bench.peer.datagram.multicast('ipv4'));
      const peer = yield* await openPeer(bench);
      const { socket, next } = yield* await openSocket(datagram, bench, {
        family: 'ipv4',
        multicastInterface: place.via,
        memberships: [place.group],
      });
      await peer.send(bytes('NOTIFY'), { address: place.group, port: socket.local.port });
      const { payload, from } = yield* await next();
      yield* same('payload and sender', [bytes('NOTIFY'), peer.endpoint.address], [payload, from.address]);
    },
  },
  {
    id: 'datagram/multicast-members',
    what: 'Sockets that share a port each receive datagrams of the group that they have joined.',
    clause: "DatagramOptions.localPort: The port is shared where the system allows it (SSDP's 1900).",
    needs: ['multicast'],
    check: async function* (datagram, bench) {
      const place = yield* given('a group', bench.peer.datagram.multicast('ipv4'));
      const peer = yield* await openPeer(bench);
      const localPort = yield* await freePort(bench);
      const options = {
        family: 'ipv4',
        localPort,
        multicastInterface: place.via,
        memberships: [place.group],
      } as const;
      // Whether a port is shared has a case of its own.
      const sockets = [
        yield* assumed(await openSocket(datagram, bench, options)),
        yield* assumed(await openSocket(datagram, bench, options)),
      ];
      if (sockets.some(({ socket }) => socket.local.port !== localPort)) {
        yield* inconclusive('sockets that share a port', 'sockets with ports of their own');
      }
      await peer.send(bytes('NOTIFY'), { address: place.group, port: localPort });
      for (const { next } of sockets) {
        const { payload } = yield* await next();
        yield* same('the payload', bytes('NOTIFY'), payload);
      }
    },
  },
  {
    id: 'datagram/multicast-several',
    what: 'A socket may join several groups, and the same group twice.',
    clause: JOINED,
    needs: ['multicast'],
    check: async function* (datagram, bench) {
      const place = yield* given('a group', bench.peer.datagram.multicast('ipv4'));
      const peer = yield* await openPeer(bench);
      const { socket, next } = yield* await openSocket(datagram, bench, {
        family: 'ipv4',
        multicastInterface: place.via,
        memberships: [place.secondGroup, place.group, place.group],
      });
      for (const group of [place.group, place.secondGroup]) {
        await peer.send(bytes(group), { address: group, port: socket.local.port });
        const { payload } = yield* await next();
        yield* same('the payload', bytes(group), payload);
      }
    },
  },
  {
    id: 'datagram/multicast-not-joined',
    what: 'A socket that has joined no group receives no multicast.',
    clause: JOINED,
    needs: ['multicast'],
    check: async function* (datagram, bench) {
      const place = yield* given('a group', bench.peer.datagram.multicast('ipv4'));
      const peer = yield* await openPeer(bench);
      const { endpoint, next } = yield* await openSocket(datagram, bench, {
        family: 'ipv4',
        multicastInterface: place.via,
      });
      await peer.send(bytes('for others'), { address: place.strangeGroup, port: endpoint.port });
      // What was sent to the socket itself comes behind it.
      await peer.send(bytes('for you'), endpoint);
      const { payload } = yield* await next();
      yield* same('the first datagram', bytes('for you'), payload);
    },
  },
  {
    id: 'datagram/multicast-ttl',
    what: 'With a ttl of 0, multicast stays on the host.',
    clause: 'DatagramOptions.ttl: The IP TTL or hop limit of multicast, 0..255.',
    needs: ['multicast', 'other-host'],
    check: async function* (datagram, bench) {
      const place = yield* given('a group', bench.peer.datagram.multicast('ipv4'));
      const member = yield* await openPeer(bench, 'ipv4', place);
      const options = { family: 'ipv4', multicastInterface: place.via } as const;
      const to = { address: place.group, port: place.port };
      const near = yield* await openSocket(datagram, bench, { ...options, ttl: 0 });
      const far = yield* await openSocket(datagram, bench, { ...options, ttl: 1 });
      yield* succeeds('sending', await near.socket.send(bytes('ttl 0'), to));
      yield* succeeds('sending', await far.socket.send(bytes('ttl 1'), to));
      yield* await arrive(bench, member, 1);
      yield* same('the first datagram', bytes('ttl 1'), member.received[0]?.payload);
    },
  },
  {
    id: 'datagram/multicast-ipv6',
    what: 'A socket sends to and receives from IPv6 groups; a link-local sender has its zone.',
    clause: 'Endpoint: A link-local IPv6 address carries its zone: `fe80::1%eth0`.',
    needs: ['ipv6-multicast'],
    check: async function* (datagram, bench) {
      const place = yield* given('a group', bench.peer.datagram.multicast('ipv6'));
      const member = yield* await openPeer(bench, 'ipv6', place);
      const { socket, next } = yield* await openSocket(datagram, bench, {
        family: 'ipv6',
        multicastInterface: place.via,
        memberships: [place.group],
      });
      yield* succeeds('sending', await socket.send(bytes('M-SEARCH'), { address: place.group, port: place.port }));
      yield* await arrive(bench, member, 1);
      await member.send(bytes('NOTIFY'), { address: place.group, port: socket.local.port });
      const { payload, from } = yield* await next();
      yield* same('the payload', bytes('NOTIFY'), payload);
      yield* same('the zone of the sender', place.via.zone, /^fe80:[^%]*%(.+)$/i.exec(from.address)?.[1]);
    },
  },
];
