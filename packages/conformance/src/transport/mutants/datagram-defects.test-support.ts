/** What can be wrong with UDP sockets, by the case that is about it. */
export const DATAGRAM_DEFECTS = {
  'datagram/sent-bytes': 'sends 7 bits of a byte',
  'datagram/sent-empty': 'sends no empty datagrams',
  'datagram/sent-from': 'sends from another socket',
  'datagram/buffer-reused': 'says that it has sent before it has',
  'datagram/sent-too-large': 'drops what is too large, and says nothing',
  'datagram/other-family': 'drops what goes to the other family, and says nothing',
  'datagram/bad-port': 'throws for port 0',
  'datagram/received-bytes': 'receives 7 bits of a byte',
  'datagram/received-empty': 'takes an empty datagram for none',
  'datagram/received-from': "forgets the sender's port",
  'datagram/received-large': 'cuts datagrams off at 1 KiB',
  'datagram/order': 'keeps what is unread in a stack',
  'datagram/ipv6': 'has no IPv6',
  'datagram/port-chosen-by-system': 'knows no port 0',
  'datagram/port-given': 'looks whether the port is free, and takes another',
  'datagram/port-shared': 'shares no port',
  'datagram/port-in-use': 'has one code for all that the system says',
  'datagram/bad-options': 'sets a ttl that can not be to 1',
  'datagram/no-such-interface': 'takes the default for an interface that is gone',
  'datagram/side-by-side': 'mixes its sockets up',
  'datagram/flood': 'keeps all that comes',
  'datagram/close-ends': 'leaves a reader waiting',
  'datagram/close-keeps': 'throws away what is unread',
  'datagram/close-frees': 'closes later than it says',
  'datagram/close-again': 'rejects when it is closed again',
  'datagram/send-after-close': 'throws when it is closed',
  'datagram/bound': 'binds to the wildcard, whatever was asked for',
  'datagram/bound-elsewhere': 'takes the wildcard for an address that is gone',
  'datagram/connected-local': 'reports the wildcard',
  'datagram/connected-address': 'compares ports alone',
  'datagram/connected-port': 'compares addresses alone',
  'datagram/connected-send': 'sends anywhere, though it is connected',
  'datagram/connected-bad-remote': 'throws what connecting throws',
  'datagram/connected-close': 'leaves a reader of a connected socket waiting',
  'datagram/refused': 'takes no notice of a refusal',
  'datagram/refused-once': 'closes when it is refused',
  'datagram/multicast-sent': 'drops what goes to a group',
  'datagram/multicast-heard': 'takes the group for the sender',
  'datagram/multicast-members': 'is deaf where the port is shared',
  'datagram/multicast-several': 'joins a group twice, which the system refuses',
  'datagram/multicast-not-joined': 'joins a group that it was not told to',
} as const;

/** Those that only show where the peer is another host. */
export const NETWORK_DEFECTS = {
  'datagram/sent-unreachable': 'says nothing of an address that is out of reach',
  'datagram/connected-unreachable': 'does not connect where it can not',
  'datagram/connected-zone': 'reports a link-local address without its zone',
  'datagram/multicast-ttl': 'takes a ttl of 0 for none',
  'datagram/multicast-ipv6': 'leaves zones away',
} as const;

export type DatagramDefect = keyof typeof DATAGRAM_DEFECTS;
export type NetworkDefect = keyof typeof NETWORK_DEFECTS;

/** Whether the sockets have this defect. */
export type Has = (defect: DatagramDefect) => boolean;
