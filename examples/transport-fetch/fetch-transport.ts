import type { ClockPort, InterfaceAddress, RandomPort, Transport } from '@portwright/core';
import { errAsync, okAsync } from '@portwright/core/result';
import { fetchHttp } from './fetch-http.ts';

/**
 * A transport of what the web platform has. Without UDP nothing can be searched for.
 *
 * @param addresses this host's, which the platform does not tell; a mapping leads to the one on the gateway's subnet
 */
export function fetchTransport(addresses: readonly InterfaceAddress[]): Transport {
  return {
    http: fetchHttp(),
    datagram: {
      open: () => errAsync({ kind: 'transport', code: 'not-permitted', message: 'there is no UDP here' }),
    },
    interfaces: { list: () => okAsync(addresses) },
    clock: platformClock(),
    random: platformRandom(),
  };
}

export function platformClock(): ClockPort {
  return {
    now: () => performance.now(),
    sleep: (ms, signal) => {
      if (signal?.aborted) return Promise.resolve();
      return new Promise((resolve) => {
        const wake = (): void => {
          clearTimeout(timer);
          signal?.removeEventListener('abort', wake);
          resolve();
        };
        const timer = setTimeout(wake, ms);
        signal?.addEventListener('abort', wake);
      });
    },
  };
}

export function platformRandom(): RandomPort {
  return { fraction: () => Math.random() };
}
