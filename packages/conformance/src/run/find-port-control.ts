import type { AddressFamily, InterfaceAddress, Transport } from '@portwright/core';
import type { Caller } from '../bench/caller.ts';
import { type ControlEndpoint, exchange } from '../bench/control-exchange.ts';
import { NO_PORT_CONTROL, type PortControl } from '../bench/port-control.ts';
import type { Feature } from '../checks/requirement.ts';
import { isSameAddress } from '../wire/fields.ts';
import { ADDRESS_REQUEST, readNatPmpAnswer } from '../wire/nat-pmp-message.ts';
import { ANNOUNCE, readPcpAnswer, writePcpRequest } from '../wire/pcp-message.ts';

/** Milliseconds for each of two tries: a busy miniupnpd keeps everybody waiting for 2.9 s. */
const PROBE_MS = 1_500;

/**
 * Finds the servers on UDP port 5351 of a gateway, at this address and at that of the IPv6 default router on the same
 * interface. The two questions map nothing.
 *
 * @param host - the gateway's address, an IPv6 address with its brackets
 */
export async function findPortControl({ transport, address }: Caller, host: string): Promise<PortControl> {
  const server = host.replace(/^\[|\]$/g, '');
  const named: ControlEndpoint = { transport, family: familyOf(server), server, client: address };
  const endpoint = named.family === 'ipv4' ? named : null;
  const endpoint6 = named.family === 'ipv6' ? named : await ipv6EndpointOf(named);
  const [pcp, pcp6, natPmp] = await Promise.all([
    ifIt(answersPcp, endpoint),
    ifIt(answersPcp, endpoint6),
    ifIt(answersNatPmp, endpoint),
  ]);
  return { ...NO_PORT_CONTROL, pcp, pcp6, natPmp };
}

export function featuresOf({ pcp, pcp6, natPmp }: PortControl): readonly Feature[] {
  return [...((pcp ?? pcp6) ? (['PCP:2'] as const) : []), ...(natPmp === null ? [] : (['NAT-PMP:0'] as const))];
}

/** The address that the system sends from to another; null: it can't be known. */
export async function addressTowards(transport: Transport, server: string): Promise<string | null> {
  const remote = { address: server, port: 5351 };
  const opened = await transport.datagram.open({ family: familyOf(server), remote });
  if (opened.isErr()) return null;
  const { address } = opened.value.local;
  await opened.value.close();
  return ['0.0.0.0', '::'].includes(address) ? null : address;
}

function familyOf(address: string): AddressFamily {
  return address.includes(':') ? 'ipv6' : 'ipv4';
}

async function ifIt(
  answers: (endpoint: ControlEndpoint) => Promise<boolean>,
  endpoint: ControlEndpoint | null,
): Promise<ControlEndpoint | null> {
  return endpoint !== null && (await answers(endpoint)) ? endpoint : null;
}

/** Any answer in version 2: a server that refuses this host is one. */
async function answersPcp(endpoint: ControlEndpoint): Promise<boolean> {
  const request = writePcpRequest({ opcode: ANNOUNCE, client: endpoint.client });
  const reply = (await exchange(endpoint, request, undefined, PROBE_MS)).unwrapOr(null);
  return reply !== null && readPcpAnswer(reply.payload)?.version === 2;
}

/** Any answer in version 0, but that of a server that does not know the version. */
async function answersNatPmp(endpoint: ControlEndpoint): Promise<boolean> {
  const reply = (await exchange(endpoint, ADDRESS_REQUEST, undefined, PROBE_MS)).unwrapOr(null);
  const answer = reply === null ? null : readNatPmpAnswer(reply.payload);
  return answer !== null && answer.version === 0 && answer.result !== 1;
}

async function ipv6EndpointOf({ transport, client }: ControlEndpoint): Promise<ControlEndpoint | null> {
  const { interfaces } = transport;
  const addresses = (await interfaces.list()).unwrapOr<readonly InterfaceAddress[]>([]);
  const name = addresses.find(({ address }) => isSameAddress(address, client))?.name;
  const routers = (await interfaces.defaultRouters?.())?.unwrapOr([]) ?? [];
  const router = routers.find((one) => one.family === 'ipv6' && one.name === name);
  // The address that would be opened: one that stays (RFC 8981), and can be reached from elsewhere.
  const own = addresses.find(
    (one) =>
      one.family === 'ipv6' &&
      one.name === name &&
      one.deprecated !== true &&
      one.temporary !== true &&
      !/^fe[89ab]/i.test(one.address),
  );
  if (router === undefined || own === undefined) return null;
  return { transport, family: 'ipv6', server: router.address, client: own.address };
}
