import type { Endpoint, EventsPort, HttpRequest, RandomPort } from '@portwright/core';
import { errAsync, okAsync } from '@portwright/core/result';
import { type Client, ownAddress } from './client.ts';
import type { HttpListener } from './http-listeners.ts';
import { familyOf } from './ip-address.ts';
import type { HttpOutcome } from './network-host.ts';
import { transportError } from './transport-error.ts';

/** Bytes of an event message above which it is cut off. */
const MAX_BODY_BYTES = 65_536;

/** The part of a MemoryNetwork that events need. */
export interface EventsNetwork {
  readonly random: RandomPort;
  freePort(address: string): number;
  listen(endpoint: Endpoint, listener: HttpListener): () => void;
}

/** Events at a client's own addresses, each listener on a port of its own and at a path of 128 random bits. */
export function memoryEvents(network: EventsNetwork, client: Client): EventsPort {
  return {
    listen: (localAddress, handle) => {
      const address = ownAddress(client, localAddress);
      if (address === undefined) {
        return errAsync(
          transportError('no-such-interface', `${localAddress} is not an address of this computer`, 'EADDRNOTAVAIL'),
        );
      }
      const port = network.freePort(address);
      const path = secretPath(network.random);
      const url = `http://${familyOf(address) === 'ipv6' ? `[${address}]` : address}:${port}${path}`;
      const end = network.listen({ address, port }, (request, from) =>
        ownAddress(client, address) !== undefined
          ? answer(statusOf(request, path, from, handle))
          : { kind: 'failure', code: 'timeout', cause: 'ETIMEDOUT', delayMs: Infinity },
      );
      const close = (): Promise<void> => {
        end();
        return Promise.resolve();
      };
      return okAsync({ url, close });
    },
  };
}

function statusOf(
  request: HttpRequest,
  path: string,
  from: string,
  handle: (request: HttpRequest, from: string) => number,
): number {
  if (!request.url.endsWith(path)) return 404;
  return request.body.length > MAX_BODY_BYTES ? 413 : handle(request, from);
}

function answer(status: number): HttpOutcome {
  return { kind: 'response', response: { status, headers: [], body: new Uint8Array() }, delayMs: 0 };
}

function secretPath(random: RandomPort): string {
  const word = (): string =>
    Math.floor(random.fraction() * 2 ** 32)
      .toString(16)
      .padStart(8, '0');
  return `/${word()}${word()}${word()}${word()}`;
}
