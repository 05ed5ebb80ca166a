/** MAP from an IPv4 client: a mapping (RFC 6887, 11.3 and 15). */
import type { Gateway } from '../gateway/gateway.ts';
import type { Mapping, MappingProtocol } from '../gateway/mapping-table.ts';
import { secondsLeft } from '../gateway/leases.ts';
import { canonicalAddress } from '../network/ip-address.ts';
import { type Denial, denialOf, grantedSeconds, mappingOf, portFor } from '../port-control/grant.ts';
import type { MapRequest } from './map-request.ts';
import { type MapAnswer, refuseMap } from './map-answer.ts';
import { PCP_RESULT } from './pcp-message.ts';

const PROTOCOLS: Readonly<Record<number, MappingProtocol>> = { 6: 'TCP', 17: 'UDP' };

const DENIALS: Readonly<Record<Denial, number>> = {
  forbidden: PCP_RESULT.notAuthorized,
  full: PCP_RESULT.noResources,
  'no-address': PCP_RESULT.networkFailure,
  'private-address': PCP_RESULT.noResources,
};

export function mapPort(gateway: Gateway, request: MapRequest, client: string): MapAnswer {
  if (request.lifetimeSeconds === 0) return unmapPort(gateway, request, client);
  const { connection, config } = gateway;
  const protocol = PROTOCOLS[request.protocol];
  if (protocol === undefined || request.internalPort === 0) return refuseMap(PCP_RESULT.unsupportedProtocol);
  const denial = denialOf(gateway, request.internalPort);
  if (denial !== null) {
    return { ...refuseMap(DENIALS[denial]), delayMs: denial === 'forbidden' ? config.pcp.forbiddenDelayMs : 0 };
  }
  const inside = { client, protocol, port: request.internalPort };
  const existing = mappingOf(gateway, inside, request.externalPort);
  if (existing !== undefined && isForeignNonce(existing, request) && config.pcp.renewsWithAnyNonce === 'none') {
    // 11.3: the lifetime of the error is that of the mapping.
    return { ...refuseMap(PCP_RESULT.notAuthorized), errorSeconds: secondsLeft(existing, gateway.now()) };
  }
  const isExact = request.isExact && config.pcp.ignoresPreferFailure !== 'everywhere';
  if (isExact && !isAddressOf(gateway, request.externalAddress)) return refuseMap(PCP_RESULT.cannotProvideExternal);
  if (existing === undefined && isOverQuota(gateway, client)) return refuseMap(PCP_RESULT.quotaExceeded);
  const externalPort = existing?.externalPort ?? portFor(gateway, inside, request.externalPort);
  if (externalPort === null) return refuseMap(PCP_RESULT.noResources);
  if (isExact && externalPort !== request.externalPort) return refuseMap(PCP_RESULT.cannotProvideExternal);
  const lifetimeSeconds = grantedSeconds(config.pcp.lifetimeSeconds, request.lifetimeSeconds);
  const filters = config.pcp.appliesFilter ? (request.filters ?? existing?.pcp?.filters ?? []) : [];
  connection.mappings.put({
    remoteHost: '',
    externalPort,
    protocol,
    internalPort: request.internalPort,
    internalClient: client,
    isEnabled: true,
    // As miniupnpd until 2.3.8, where every host could read the nonce.
    description: config.pcp.listsNonce ? `PCP MAP ${request.nonce}` : 'PCP MAP',
    expiresAt: gateway.now() + lifetimeSeconds * 1000,
    via: 'pcp',
    pcp: { nonce: request.nonce, filters },
  });
  return { result: PCP_RESULT.success, lifetimeSeconds, externalPort, externalAddress: connection.externalAddress };
}

/** 15: also "all ports" of a protocol, and all protocols; then those stay whose nonce is another. */
function unmapPort(gateway: Gateway, request: MapRequest, client: string): MapAnswer {
  const { connection, config } = gateway;
  const { protocol, internalPort, externalPort, externalAddress } = request;
  if (protocol !== 0 && PROTOCOLS[protocol] === undefined) return refuseMap(PCP_RESULT.unsupportedProtocol);
  if (config.isSwitchedOff) return refuseMap(PCP_RESULT.notAuthorized);
  const doomed = connection.mappings
    .all()
    .filter(
      (mapping) =>
        mapping.internalClient === client &&
        (protocol === 0 || mapping.protocol === PROTOCOLS[protocol]) &&
        (internalPort === 0 || mapping.internalPort === internalPort),
    );
  const own = doomed.filter(({ pcp }) => pcp?.nonce === request.nonce);
  if (doomed.length > 0 && own.length === 0) return refuseMap(PCP_RESULT.notAuthorized);
  if (doomed.length === 0 && config.pcp.nothingToDelete !== 0) return refuseMap(config.pcp.nothingToDelete);
  connection.mappings.remove(own);
  return { result: PCP_RESULT.success, lifetimeSeconds: 0, externalPort, externalAddress };
}

function isForeignNonce({ pcp }: Mapping, { nonce }: MapRequest): boolean {
  return pcp !== undefined && pcp.nonce !== nonce;
}

/** All zeros: any. */
function isAddressOf({ connection }: Gateway, suggested: string): boolean {
  return ['0.0.0.0', '0:0:0:0:0:0:0:0', canonicalAddress(connection.externalAddress)].includes(suggested);
}

function isOverQuota({ connection, config }: Gateway, client: string): boolean {
  const own = connection.mappings.all().filter(({ internalClient }) => internalClient === client);
  return own.length >= config.pcp.clientQuota;
}
