import { createSocket, type Socket } from 'node:dgram';
import type { Endpoint, TransportError } from '@portwright/core';
import { err, ok, type Result } from '@portwright/core/result';
import { familyOf } from '../../network/ip-address.ts';
import { systemError } from './system-error.ts';

export interface UdpOptions {
  /** An IP literal, or a group; a link-local one with its zone. */
  readonly address: string;
  /** 0: a free one. */
  readonly port: number;
  /** Whether others may have the same port, if they share it, too. */
  readonly isShared: boolean;
  /** Called when it is bound; what it throws is the result. */
  readonly setUp?: ((socket: Socket) => void) | undefined;
  readonly onDatagram?: ((payload: Uint8Array, from: Endpoint) => void) | undefined;
}

export interface UdpSocket {
  readonly port: number;
  /** What can't be sent is lost, as datagrams are. */
  send(payload: Uint8Array, to: Endpoint): void;
  /** Resolves when everything has been sent and the port is free. */
  close(): Promise<void>;
}

export function openUdp(options: UdpOptions): Promise<Result<UdpSocket, TransportError>> {
  const { address, port, isShared, setUp, onDatagram } = options;
  const isIPv6 = familyOf(address) === 'ipv6';
  return new Promise((resolve) => {
    const socket = createSocket({
      type: isIPv6 ? 'udp6' : 'udp4',
      reuseAddr: isShared,
      ipv6Only: isIPv6,
      // Addresses are literals; no name is ever looked up.
      lookup: (literal, _options, callback) => {
        callback(null, literal, isIPv6 ? 6 : 4);
      },
    });
    const closed = new Promise<void>((done) => socket.once('close', done));
    const fail = (error: unknown): void => {
      resolve(
        err(
          systemError(error, `UDP port ${port} of ${address}`, {
            'address-in-use': isShared
              ? 'Another UPnP program uses the port and does not share it: stop that program, or serve without multicast.'
              : 'Choose another port, or 0 for a free port.',
            'no-such-interface': 'Use an address of this computer, on an interface with multicast.',
            'not-permitted': 'Ports below 1024 need special rights: choose another port, or 0 for a free port.',
          }),
        ),
      );
    };
    const failToOpen = (error: unknown): void => {
      fail(error);
      socket.close();
    };
    const sending = new Set<Promise<void>>();
    socket.once('error', failToOpen);
    socket.on('message', (payload, from) => onDatagram?.(new Uint8Array(payload), from));
    socket.once('listening', () => {
      try {
        setUp?.(socket);
      } catch (error) {
        failToOpen(error);
        return;
      }
      // From now on an error is some datagram's.
      socket.off('error', failToOpen).on('error', () => undefined);
      resolve(
        ok({
          port: socket.address().port,
          send: (payload, to) => {
            const sent = new Promise<void>((done) => {
              socket.send(payload, to.port, to.address, () => {
                done();
              });
            }).finally(() => sending.delete(sent));
            sending.add(sent);
          },
          close: async () => {
            await Promise.all(sending);
            socket.close();
            await closed;
          },
        }),
      );
    });
    try {
      // Node hands a port on unchecked, and the system takes its low bits.
      if (!Number.isInteger(port) || port < 0 || port > 65_535) {
        throw Object.assign(new RangeError('the highest port is 65535'), { code: 'ERR_SOCKET_BAD_PORT' });
      }
      socket.bind({ address, port, exclusive: true });
    } catch (error) {
      failToOpen(error);
    }
  });
}
