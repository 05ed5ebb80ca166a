/** Which device a gateway is. */
import type { Gateway } from '../../client/gateway.ts';
import type { GatewayIdentity } from '../port-mapper.ts';

/** The UDN of the root device. A device without one is known by the URL of its description. */
export function gatewayId({ description }: Gateway): string {
  return description.device.udn ?? description.location;
}

export function identityOf(gateway: Gateway): GatewayIdentity {
  const { description, services } = gateway;
  return {
    id: gatewayId(gateway),
    get endpoint() {
      return [description.location, services.connection.controlUrl, gateway.localAddress].join(' ');
    },
    name: description.device.friendlyName,
  };
}
