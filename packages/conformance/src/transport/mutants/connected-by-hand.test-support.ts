/** What connecting a UDP socket does, by hand: as it should be, but for one defect. */
import type { Socket } from 'node:dgram';
import { isIP } from 'node:net';
import type { DatagramOptions, Endpoint } from '@portwright/core';
import { HOSTS } from '../node-peer-hosts.ts';
import type { DatagramDefect, Has } from './datagram-defects.test-support.ts';

/** Those that do by hand what connecting does, where no refusal is wanted: only a connected socket hears of one. */
const UNCONNECTED: readonly DatagramDefect[] = [
  'datagram/connected-address',
  'datagram/connected-port',
  'datagram/connected-send',
];

export function isByHand({ remote, onRefused }: DatagramOptions, has: Has): boolean {
  return remote === undefined || (onRefused === undefined && UNCONNECTED.some(has));
}

/** Whether it is connected; null: by hand, or not at all. */
export function connect(socket: Socket, options: DatagramOptions, has: Has): Promise<boolean | null> {
  const { remote } = options;
  if (remote === undefined) return Promise.resolve(null);
  if (has('datagram/connected-bad-remote') && remote.port === 0) throw new RangeError('port');
  if (isIP(remote.address) !== 4 || remote.port === 0) return Promise.resolve(false);
  if (isByHand(options, has)) return Promise.resolve(null);
  return new Promise((resolve) => {
    socket.connect(remote.port, remote.address, () => {
      resolve(true);
    });
  });
}

export function isMeant(remote: Endpoint | undefined, from: Endpoint, has: Has): boolean {
  if (remote === undefined) return true;
  const isAddress = from.address === remote.address || has('datagram/connected-address');
  return isAddress && (from.port === remote.port || has('datagram/connected-port'));
}

/** Loopback speaks to itself. */
export function localOf(remote: Endpoint | undefined, address: string, has: Has): string {
  if (remote === undefined) return address;
  return has('datagram/connected-local') ? '0.0.0.0' : HOSTS.ipv4;
}
