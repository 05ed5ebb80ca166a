/** The server on UDP port 5351: PCP and NAT-PMP are told apart by the version, the first byte (RFC 6887, 9 and A). */
import type { RandomPort } from '@portwright/core';
import type { Gateway } from '../gateway/gateway.ts';
import { familyOf } from '../network/ip-address.ts';
import { answerNatPmp, refuseNatPmpVersion } from '../nat-pmp/nat-pmp-server.ts';
import { answerPcp } from '../pcp/pcp-server.ts';
import type { PortControlAnswer } from './port-control-answer.ts';

/** Where clients send requests to. */
export const PORT_CONTROL_PORT = 5351;

/** Whether there is a server at all. */
export function hasPortControl({ config: { protocols } }: Pick<Gateway, 'config'>): boolean {
  return protocols.includes('pcp') || protocols.includes('nat-pmp');
}

/** What a datagram is taken for. Null: nobody listens. */
export function protocolOf(gateway: Pick<Gateway, 'config'>, [version]: Uint8Array): 'pcp' | 'nat-pmp' | null {
  if (!hasPortControl(gateway)) return null;
  return version === 0 ? 'nat-pmp' : 'pcp';
}

/**
 * What a gateway sends back, each with its delay.
 *
 * @param from - the address that the datagram has arrived from
 */
export function answerPortControl(
  gateway: Gateway,
  payload: Uint8Array,
  from: string,
  random: RandomPort,
): readonly Required<PortControlAnswer>[] {
  const answer = answerByVersion(gateway, payload, from.split('%', 1)[0] ?? '', random);
  if (answer === null) return [];
  const { delayMs = 0 } = answer;
  return [{ payload: answer.payload, delayMs: gateway.portControl.takeTurn(delayMs) }];
}

function answerByVersion(
  gateway: Gateway,
  payload: Uint8Array,
  address: string,
  random: RandomPort,
): PortControlAnswer | null {
  const { protocols, clientsBehind } = gateway.config;
  const isIPv4 = familyOf(address) === 'ipv4';
  const from = isIPv4 ? (clientsBehind ?? address) : address;
  const hasPcp = protocols.includes('pcp');
  // RFC 6886 knows IPv4 only.
  const hasNatPmp = protocols.includes('nat-pmp') && isIPv4;
  if (payload[0] === 0 && hasNatPmp) return answerNatPmp(gateway, payload, from, random);
  if (hasPcp) return answerPcp(gateway, payload, from);
  return hasNatPmp ? refuseNatPmpVersion(gateway, payload) : null;
}
