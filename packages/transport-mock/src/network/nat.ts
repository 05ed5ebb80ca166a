import type { Endpoint } from '@portwright/core';
import type { MappingProtocol, PcpDetails } from '../gateway/mapping-table.ts';
import { sharePrefix } from './ip-address.ts';

/** The part of a gateway's connection that its NAT goes by. After a reboot it is another one. */
export interface NatConnection {
  readonly isUp: boolean;
  readonly isNatEnabled: boolean;
  readonly mappings: {
    ofPort(externalPort: number, protocol: MappingProtocol): readonly NatMapping[];
  };
}

interface NatMapping {
  readonly remoteHost: string;
  readonly externalPort: number;
  readonly internalPort: number;
  readonly internalClient: string;
  readonly isEnabled: boolean;
  readonly pcp?: PcpDetails | undefined;
}

/** Where datagrams go that come to a gateway's external address, and by which port the replies to them leave. */
export interface Nat {
  /** Null: no mapping lets it in. */
  inwards(from: Endpoint, externalPort: number): Endpoint | null;
  /** The external port. Null: this host outside has not sent anything to this client since the gateway has booted. */
  outwards(from: Endpoint, to: Endpoint): number | null;
}

export function natOf(connection: () => NatConnection): Nat {
  /** What has come in, by who sent it and who got it. */
  const flows = new Map<string, { readonly externalPort: number; readonly by: NatConnection }>();
  const isOpen = ({ isUp, isNatEnabled }: NatConnection): boolean => isUp && isNatEnabled;
  return {
    inwards: (from, externalPort) => {
      const by = connection();
      const mapping = isOpen(by) ? mappingFor(by, from, externalPort) : undefined;
      if (mapping === undefined) return null;
      // ExternalPort: "In the wildcard case, the value(s) of InternalPort on InternalClient are ignored".
      const port = mapping.externalPort === 0 ? externalPort : mapping.internalPort;
      const to = { address: mapping.internalClient, port };
      flows.set(flowKey(to, from), { externalPort, by });
      return to;
    },
    outwards: (from, to) => {
      const by = connection();
      const flow = flows.get(flowKey(from, to));
      return isOpen(by) && flow?.by === by ? flow.externalPort : null;
    },
  };
}

/** One for this host alone comes before one for any, and one for every port is for those "that are not otherwise mapped". */
function mappingFor({ mappings }: NatConnection, from: Endpoint, port: number): NatMapping | undefined {
  const ofPort = (externalPort: number): NatMapping | undefined => {
    const open = mappings.ofPort(externalPort, 'UDP').filter((mapping) => mapping.isEnabled && admits(mapping, from));
    const meantFor = (host: string): NatMapping | undefined => open.find(({ remoteHost }) => remoteHost === host);
    return meantFor(from.address) ?? meantFor('');
  };
  return ofPort(port) ?? ofPort(0);
}

/** RFC 6887, 13.3: what comes from elsewhere is dropped. */
function admits({ pcp: { filters } = { nonce: '', filters: [] } }: NatMapping, from: Endpoint): boolean {
  const isMeant = filters.map(
    ({ address, prefixLength, port }) =>
      sharePrefix(address, from.address, prefixLength) && (port === 0 || port === from.port),
  );
  return isMeant.length === 0 || isMeant.includes(true);
}

function flowKey(inside: Endpoint, outside: Endpoint): string {
  return [inside.address, inside.port, outside.address, outside.port].join(' ');
}
