/** Requests that leave from the address which they are about: some gateways take them from nowhere else. */
import type { Gateway } from '../../client/gateway.ts';
import { isOwnAddress } from '../../client/own-address.ts';
import { createServiceClient, type ServiceClient } from '../../client/service-client.ts';
import { hostIn } from '../../description/url.ts';
import type { ServiceDeclaration } from '../../igd/declaration.ts';
import { wanIpConnection } from '../../igd/wan-ip-connection.ts';
import type { Transport } from '../../ports.ts';

/**
 * A gateway as it is to be spoken to about a mapping to one internal client: from that address, where it is one of this
 * host's own. Gateways exist that let each host map to itself alone, and go by the address that a request comes from
 * (miniupnp#359, miniupnp#165: 606 or 718); of a host with two addresses the system may choose the other one.
 */
export async function bindSourceAddress(gateway: Gateway, internalClient: string): Promise<Gateway> {
  const { connection, localAddress } = gateway;
  if (internalClient === localAddress || isOverIpv6(connection)) return gateway;
  if ((await isOwnAddress(gateway.transport, internalClient)) !== true) return gateway;
  return {
    ...gateway,
    connection: bindServiceClient(gateway, wanIpConnection, connection, internalClient),
    localAddress: internalClient,
  };
}

/** A service's client whose requests leave from one of this host's addresses. */
export function bindServiceClient<S extends ServiceDeclaration>(
  { transport, queue }: Gateway,
  service: S,
  { address }: ServiceClient<S>,
  localAddress: string,
): ServiceClient<S> {
  const { http } = transport;
  const speaking: Transport = {
    ...transport,
    http: { request: (request, options) => http.request(request, { ...options, localAddress }) },
  };
  return createServiceClient(speaking, service, address, queue, { localAddress });
}

export function isOverIpv6<S extends ServiceDeclaration>({ address }: ServiceClient<S>): boolean {
  return hostIn(address.controlUrl).includes(':');
}
