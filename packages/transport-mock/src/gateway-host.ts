import type { Endpoint, HttpRequest, HttpResponse, RandomPort } from '@portwright/core';
import type { Gateway } from './gateway/gateway.ts';
import { serveHttp } from './http/http-server.ts';
import { canonicalAddress, familyOf, isLinkLocal } from './network/ip-address.ts';
import { type NetworkHost, REFUSED, type ReplyDatagram } from './network/network-host.ts';
import { answerSearch } from './ssdp/responder.ts';

/** Something that a gateway was asked, and what it answered; as plain data, to assert on or to print. */
export type Exchange = HttpExchange | SearchExchange;

export interface HttpExchange {
  readonly kind: 'http';
  /** On the gateway's clock, in milliseconds. */
  readonly at: number;
  /** The address that it came from. */
  readonly from: string;
  readonly request: HttpRequest;
  readonly response: HttpResponse;
}

/** A datagram to port 1900; no answers: it wasn't a search, or nothing of what the gateway is. */
export interface SearchExchange {
  readonly kind: 'search';
  readonly at: number;
  readonly from: Endpoint;
  readonly to: Endpoint;
  readonly payload: Uint8Array;
  readonly answers: readonly Uint8Array[];
}

const SSDP_PORT = 1900;

/** A gateway as a host on a network. It is asked for the gateway each time, since a reboot makes a new one. */
export function gatewayHost(
  current: () => Gateway,
  random: RandomPort,
  record: (exchange: Exchange) => void,
): NetworkHost {
  const { lanAddress, lanAddress6, linkLocalAddress } = current().config;
  return {
    addresses: lanAddress6 === null ? [lanAddress] : [lanAddress, lanAddress6, linkLocalAddress],
    http: (port, request, from) => {
      const gateway = current();
      if (port !== gateway.config.httpPort) return REFUSED;
      const response = serveHttp(gateway, request, from);
      record({ kind: 'http', at: gateway.now(), from, request, response });
      return { kind: 'response', response, delayMs: 0 };
    },
    datagram: (payload, to, from): readonly ReplyDatagram[] => {
      if (to.port !== SSDP_PORT) return [];
      const gateway = current();
      const localAddress = receivingAddress(gateway, to, from);
      const isMulticast = canonicalAddress(to.address) !== canonicalAddress(localAddress);
      const answers = answerSearch(gateway, payload, { isMulticast, localAddress }, random);
      record({
        kind: 'search',
        at: gateway.now(),
        from,
        to,
        payload,
        answers: answers.map((answer) => answer.payload),
      });
      return answers.map((answer) => ({ ...answer, from: { address: localAddress, port: SSDP_PORT } }));
    },
  };
}

/** The address that a datagram came to; for one to a group, the one that the sender can reach. */
function receivingAddress({ config }: Gateway, to: Endpoint, from: Endpoint): string {
  const { lanAddress, lanAddress6, linkLocalAddress } = config;
  if (familyOf(to.address) === 'ipv4') return lanAddress;
  const isNear = isLinkLocal(to.address) || (/^ff/i.test(to.address) && isLinkLocal(from.address));
  return isNear ? linkLocalAddress : (lanAddress6 ?? linkLocalAddress);
}
