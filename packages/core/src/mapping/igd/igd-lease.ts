/** Leases of IGD mappings. */
import type { Gateway } from '../../client/gateway.ts';
import type { PortMapping } from '../../port-mapping.ts';
import type { MappingAttempt } from '../attempts.ts';
import type { Lease } from '../types.ts';
import { gatewayId } from './identity.ts';
import { hasListed } from './read-mapping.ts';

/** The IGD mapper's own part of a lease, for its renewal. */
export interface IgdDetails {
  /** What has worked, and begins the next renewal. */
  readonly asked: MappingAttempt;
  /** Whether the gateway's table had listed any mapping by then. Only then does a missing entry prove that the lease is gone. */
  readonly isListed: boolean;
}

/** @param requested - whose texts it shares where they are the same: those of an answer hold on to all of it */
export function leaseOf(gateway: Gateway, mapping: PortMapping, asked: MappingAttempt, requested: PortMapping): Lease {
  const { externalPort } = mapping;
  const again: MappingAttempt = { ...asked, method: 'exact', externalPort, replacing: false, delayMs: 0 };
  const details: IgdDetails = { asked: again, isListed: hasListed(gateway) };
  const { internalClient, description, remoteHost } = requested;
  return {
    ...mapping,
    internalClient: mapping.internalClient === internalClient ? internalClient : mapping.internalClient,
    description: mapping.description === description ? description : mapping.description,
    remoteHost: mapping.remoteHost === remoteHost ? remoteHost : mapping.remoteHost,
    via: 'upnp-igd',
    gateway: gatewayId(gateway),
    family: 'ipv4',
    requestedSeconds: asked.leaseSeconds,
    details,
  };
}

/** Of a lease that this mapper has given. */
export function detailsOf({ details }: Lease): IgdDetails {
  return details as IgdDetails;
}
