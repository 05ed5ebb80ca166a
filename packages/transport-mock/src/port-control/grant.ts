/** The mapping that PCP or NAT-PMP give a client on the gateway's table, which UPnP shares. */
import { isRefusedAddress } from '../gateway/external-address.ts';
import { freePort } from '../gateway/free-port.ts';
import type { Gateway } from '../gateway/gateway.ts';
import { isPortIn } from '../gateway/gateway-options.ts';
import type { Mapping, MappingProtocol } from '../gateway/mapping-table.ts';

/** Why a gateway opens no port. */
export type Denial = 'forbidden' | 'full' | 'no-address' | 'private-address';

/** The inner side of a mapping: what both protocols know it by. */
export interface InternalEndpoint {
  readonly client: string;
  readonly protocol: MappingProtocol;
  readonly port: number;
}

/** The mapping of this endpoint for any remote host; where UPnP has made several, the one on this external port. */
export function mappingOf(
  { connection }: Gateway,
  { client, protocol, port }: InternalEndpoint,
  externalPort: number,
): Mapping | undefined {
  const own = connection.mappings
    .all()
    .filter(
      (mapping) =>
        mapping.internalClient === client &&
        mapping.protocol === protocol &&
        mapping.internalPort === port &&
        mapping.remoteHost === '',
    );
  return (
    own.find(({ pcp }) => pcp !== undefined) ?? own.find((mapping) => mapping.externalPort === externalPort) ?? own[0]
  );
}

/** Why nothing is mapped to this internal port, whatever the external one would be; null: nothing is in the way. */
export function denialOf(gateway: Gateway, internalPort: number): Denial | null {
  const { config, connection } = gateway;
  if (config.isSwitchedOff || !isPortIn(config.allowedInternalPorts, internalPort)) return 'forbidden';
  if (connection.externalAddress === '' || !connection.isNatEnabled) return 'no-address';
  if (isRefusedAddress(config, connection.externalAddress)) return 'private-address';
  return null;
}

/** The external port of a new mapping: the suggested one, else the next that is free. Null: there is no room. */
export function portFor({ connection, config }: Gateway, inside: InternalEndpoint, suggested: number): number | null {
  const { mappings } = connection;
  if (mappings.size >= config.capacity) return null;
  // RFC 6886, 3.3: without a suggestion the internal port is as good as any.
  return freePort(mappings, config, inside.protocol, suggested === 0 ? Math.max(1, inside.port) : suggested);
}

/** A lifetime that was requested, moved into what this server grants. */
export function grantedSeconds([least, most]: readonly [number, number], requested: number): number {
  return Math.min(Math.max(requested, least), most);
}
