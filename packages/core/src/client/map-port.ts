import { err, ok, safeTry, type Result, type ResultAsync } from 'neverthrow';
import { inSubnet, sameAddress } from '../description/ip-address.ts';
import { parseHttpUrl } from '../description/url.ts';
import type { InvalidArgumentError } from '../errors.ts';
import type { Gateway } from './gateway.ts';
import {
  checkInternalClient,
  checkLease,
  checkMappingKey,
  checkPort,
  DEFAULT_DESCRIPTION,
  toPortMapping,
  type MappingKey,
  type PortMapping,
} from './port-mapping.ts';
import type { CallError, CallOptions } from './service-client.ts';

export interface MapPortOptions extends MappingKey, CallOptions {
  /** 1..65535; default: the external port. */
  readonly internalPort?: number | undefined;
  /** Default: this host's address, as the gateway sees it. */
  readonly internalClient?: string | undefined;
  /** Shown in the router's settings; default `Portwright`. An empty one is sent as that too: some routers refuse it (-911). */
  readonly description?: string | undefined;
  /** Seconds; default 3600; 0 asks for a permanent mapping. Version 2 gateways give 604800 at most. */
  readonly leaseSeconds?: number | undefined;
}

/**
 * Asks the gateway for one mapping, exactly as given. What is returned is what was asked and granted; the lease that the
 * gateway keeps may differ.
 *
 * @see WANIPConnection:1, 2.4.16 (AddPortMapping)
 */
export function mapPort(gateway: Gateway, options: MapPortOptions): ResultAsync<PortMapping, CallError> {
  return safeTry<PortMapping, CallError>(async function* () {
    const { internalPort = options.externalPort, leaseSeconds = 3600 } = options;
    const { externalPort, protocol, remoteHost } = yield* checkMappingKey(options);
    yield* checkPort('internalPort', internalPort);
    yield* checkLease(leaseSeconds);
    const internalClient = yield* await internalClientOf(gateway, options.internalClient);
    const entry = {
      NewRemoteHost: remoteHost,
      NewExternalPort: externalPort,
      NewProtocol: protocol,
      NewInternalPort: internalPort,
      NewInternalClient: internalClient,
      NewEnabled: true,
      NewPortMappingDescription: options.description?.trim() ? options.description : DEFAULT_DESCRIPTION,
      NewLeaseDuration: leaseSeconds,
    };
    yield* gateway.connection.call('AddPortMapping', entry, options);
    return ok(toPortMapping(entry));
  });
}

/** The address given; else the one that the gateway has seen; else that of the interface on the gateway's subnet. */
async function internalClientOf(
  gateway: Gateway,
  given: string | undefined,
): Promise<Result<string, InvalidArgumentError>> {
  const address = given ?? (await ipv4Beside(gateway, await localAddressOf(gateway)));
  if (address !== null) return checkInternalClient(address);
  return err({
    kind: 'invalid-argument',
    code: 'missing',
    argument: 'internalClient',
    message: "this host's address is unknown",
    hint: 'Name the internal client.',
  });
}

/** A mapping leads to an IPv4 address. Whoever speaks to the gateway over IPv6 has that of the same interface. */
async function ipv4Beside({ transport }: Gateway, address: string | null): Promise<string | null> {
  if (address?.includes(':') !== true) return address;
  const listed = (await transport.interfaces.list()).unwrapOr([]);
  const own = listed.find((one) => sameAddress(one.address, address));
  return listed.find(({ family, name }) => family === 'ipv4' && name === own?.name)?.address ?? address;
}

/** This host's address as the gateway has seen it, else the one on the gateway's subnet; null where that can't be told. */
export async function localAddressOf({ transport, description, localAddress }: Gateway): Promise<string | null> {
  if (localAddress !== null) return localAddress;
  const host = parseHttpUrl(description.location)
    .map((url) => url.host)
    .unwrapOr('');
  const listed = (await transport.interfaces.list()).unwrapOr([]);
  return listed.find(({ address, prefixLength }) => inSubnet(host, address, prefixLength))?.address ?? null;
}
