/** MAP from an IPv6 client: a pinhole in the firewall, whose outer address and port are the inner ones. */
import type { Gateway } from '../gateway/gateway.ts';
import { secondsLeft } from '../gateway/leases.ts';
import type { Pinhole, PinholeTuple } from '../gateway/pinhole-table.ts';
import { canonicalAddress, isLinkLocal } from '../network/ip-address.ts';
import { grantedSeconds } from '../port-control/grant.ts';
import { type MapAnswer, refuseMap } from './map-answer.ts';
import type { MapRequest } from './map-request.ts';
import { PCP_RESULT } from './pcp-message.ts';

export function mapPinhole(gateway: Gateway, request: MapRequest, client: string): MapAnswer {
  const { firewall, config } = gateway;
  const { pcp } = config;
  // No router lets anybody in to a link-local address.
  if (config.isSwitchedOff || !firewall.arePinholesAllowed || isLinkLocal(client)) {
    return refuseMap(PCP_RESULT.notAuthorized);
  }
  if (request.lifetimeSeconds === 0) return closePinhole(gateway, request, client);
  if (request.protocol === 0 || request.internalPort === 0) return refuseMap(PCP_RESULT.unsupportedProtocol);
  const isOther =
    (request.externalPort !== 0 && request.externalPort !== request.internalPort) ||
    !['0:0:0:0:0:0:0:0', canonicalAddress(client)].includes(request.externalAddress);
  if (request.isExact && isOther && pcp.ignoresPreferFailure === 'nowhere') {
    return refuseMap(PCP_RESULT.cannotProvideExternal);
  }
  const existing = firewall.pinholes.find(tupleOf(request, client));
  if (existing?.pcp !== undefined && existing.pcp.nonce !== request.nonce && pcp.renewsWithAnyNonce !== 'all') {
    return { ...refuseMap(PCP_RESULT.notAuthorized), errorSeconds: secondsLeft(existing, gateway.now()) };
  }
  if (existing !== undefined && !pcp.renewsPinholes) return refuseMap(PCP_RESULT.noResources);
  if (existing === undefined) {
    if (ownPinholes(gateway, client).length >= pcp.clientQuota) return refuseMap(PCP_RESULT.quotaExceeded);
    if (firewall.pinholes.size >= config.pinholeCapacity) return refuseMap(PCP_RESULT.noResources);
  }
  const lifetimeSeconds = grantedSeconds(pcp.lifetimeSeconds, request.lifetimeSeconds);
  const expiresAt = gateway.now() + lifetimeSeconds * 1000;
  const filters = pcp.appliesFilter ? (request.filters ?? existing?.pcp?.filters ?? []) : [];
  const details = { nonce: request.nonce, filters };
  if (existing === undefined) firewall.pinholes.add(tupleOf(request, client), expiresAt, details);
  else firewall.pinholes.renew(existing, expiresAt, details);
  return { result: 0, lifetimeSeconds, externalPort: request.internalPort, externalAddress: client };
}

/** RFC 6887, 15. */
function closePinhole({ firewall, config }: Gateway, request: MapRequest, client: string): MapAnswer {
  const doomed = ownPinholes({ firewall }, client).filter(
    ({ protocol, internalPort }) =>
      (request.protocol === 0 || request.protocol === protocol) &&
      (request.internalPort === 0 || request.internalPort === internalPort),
  );
  const own = doomed.filter(
    ({ pcp, wasRenewed }) => pcp?.nonce === request.nonce && (config.pcp.deletesRenewedPinholes || !wasRenewed),
  );
  if (doomed.length > 0 && own.length === 0) return refuseMap(PCP_RESULT.notAuthorized);
  for (const pinhole of own) firewall.pinholes.remove(pinhole);
  return { result: 0, lifetimeSeconds: 0, externalPort: request.externalPort, externalAddress: client };
}

function ownPinholes({ firewall }: Pick<Gateway, 'firewall'>, client: string): readonly Pinhole[] {
  return firewall.pinholes
    .all()
    .filter(({ internalClient }) => canonicalAddress(internalClient) === canonicalAddress(client));
}

function tupleOf({ protocol, internalPort }: MapRequest, client: string): PinholeTuple {
  return { remoteHost: '', remotePort: 0, internalClient: client, internalPort, protocol };
}
