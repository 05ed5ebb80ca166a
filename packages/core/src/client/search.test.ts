import { simulateGateway } from '@portwright/transport-mock';
import { errAsync } from '../result.ts';
import { describe, expect, it } from 'vitest';
import type { DatagramOptions, Transport } from '../ports.ts';
import { search } from './search.ts';

const vpn = { name: 'tun0', family: 'ipv4', address: '10.8.0.2', prefixLength: 24, internal: false } as const;

/** The simulated network, and how sockets on it were opened. */
function watched(refuse: (options: DatagramOptions) => boolean = () => false) {
  const router = simulateGateway({ client: { otherInterfaces: [vpn] } });
  const opened: DatagramOptions[] = [];
  const { datagram } = router.transport;
  const transport: Transport = {
    ...router.transport,
    datagram: {
      open: (options) => {
        if (options.memberships !== undefined) return datagram.open(options);
        opened.push(options);
        if (refuse(options)) return errAsync({ kind: 'transport', code: 'address-in-use', message: 'in use' });
        return datagram.open(options);
      },
    },
  };
  return { transport, opened, clock: router.clock };
}

const ignore = (): void => undefined;

describe('search', () => {
  it('opens one socket for each IPv4 interface but loopback, at any port, with a TTL of 2', async () => {
    const { transport, opened } = watched();
    expect((await search(transport, {}, ignore)).isOk()).toBe(true);
    expect(opened.map(({ multicastInterface, ...rest }) => [multicastInterface?.name, rest])).toEqual([
      ['lan0', { family: 'ipv4', localPort: 0, ttl: 2 }],
      ['tun0', { family: 'ipv4', localPort: 0, ttl: 2 }],
    ]);
  });

  it('opens one socket for each IPv6 interface, on its link-local address', async () => {
    const { transport, opened } = watched();
    expect((await search(transport, { families: ['ipv6'] }, ignore)).isOk()).toBe(true);
    expect(opened.map(({ family, multicastInterface }) => [family, multicastInterface?.address])).toEqual([
      ['ipv6', 'fe80::2'],
    ]);
  });

  it('passes port and TTL on', async () => {
    const { transport, opened } = watched();
    expect((await search(transport, { localPort: 1900, ttl: 255, interface: 'lan0' }, ignore)).isOk()).toBe(true);
    expect(opened).toMatchObject([{ localPort: 1900, ttl: 255 }]);
  });

  it('goes on with the interfaces that can be used', async () => {
    const { transport } = watched(({ multicastInterface }) => multicastInterface?.name === 'tun0');
    const report = (await search(transport, {}, ignore))._unsafeUnwrap();
    expect(report.received).toBeGreaterThan(0);
  });

  it('fails when none can', async () => {
    const { transport, clock } = watched(() => true);
    expect((await search(transport, {}, ignore))._unsafeUnwrapErr()).toMatchObject({ code: 'address-in-use' });
    expect(clock.now()).toBe(0);
  });

  it('fails at its end when nothing could be sent', async () => {
    const { transport } = watched();
    const mute: Transport = {
      ...transport,
      datagram: {
        open: (options) =>
          transport.datagram.open(options).map((socket) => ({
            ...socket,
            local: socket.local,
            datagrams: socket.datagrams,
            close: () => socket.close(),
            send: () => errAsync({ kind: 'transport', code: 'unreachable', message: 'no network' } as const),
          })),
      },
    };
    expect((await search(mute, {}, ignore))._unsafeUnwrapErr()).toMatchObject({ code: 'unreachable' });
  });

  it('asks the default router no second time for what it has answered', async () => {
    const router = simulateGateway({ maxSearchDelayMs: 0 });
    expect((await search(router.transport, {}, ignore)).isOk()).toBe(true);
    const asked = router.exchanges().filter(({ kind }) => kind === 'search').length;
    // One ahead, then each other target once by multicast and once directly, and nothing for the two rounds after that:
    // but for WANPPPConnection:1, which it is none of, and which is asked for each time.
    expect(asked).toBeLessThanOrEqual(1 + 2 * 5 + 2 * 2);
  });

  it('hands over each pair of location and target once', async () => {
    const { transport } = watched();
    const seen: string[] = [];
    expect((await search(transport, {}, ({ location, target }) => seen.push(`${location} ${target}`))).isOk()).toBe(
      true,
    );
    expect(new Set(seen).size).toBe(seen.length);
    expect(seen.length).toBe(5);
  });
});
