/** Whether a lease and a mapper, or two mappers, belong to one gateway. */
import type { PortMapper } from './port-mapper.ts';
import type { Lease } from './types.ts';

/** Whether a lease is on the gateway that a mapper opens ports on. */
export function isOn(lease: Pick<Lease, 'via' | 'gateway'>, { via, gateway }: PortMapper): boolean {
  return lease.via === via && lease.gateway === gateway.id;
}

/** Whether two mappers ask one device at one place, from one address of this host. */
export function isSameEndpoint({ via, gateway }: PortMapper, other: PortMapper): boolean {
  return via === other.via && gateway.id === other.gateway.id && gateway.endpoint === other.gateway.endpoint;
}
