import type { ActionInput, Gateway, PortMapping, WanIpConnection } from '@portwright/core';

type Asked = ActionInput<WanIpConnection, 'AddPortMapping'>;

/**
 * The same gateway; whoever listens hears of a mapping as soon as the gateway has said yes to it, and not only when it
 * has been read back.
 */
export function hearingGrants(gateway: Gateway, hear: (granted: PortMapping) => void): Gateway {
  const { connection } = gateway;
  return {
    ...gateway,
    get localAddress() {
      return gateway.localAddress;
    },
    connection: {
      address: connection.address,
      call: (action, input, options) =>
        connection.call(action, input, options).andTee((answer) => {
          if (action === 'AddPortMapping') hear(granted(input as Asked));
          if (action !== 'AddAnyPortMapping') return;
          const { NewReservedPort: port } = answer as { readonly NewReservedPort: number };
          hear({ ...granted(input as Asked), externalPort: port });
        }),
    },
  };
}

function granted(asked: Asked): PortMapping {
  return {
    externalPort: asked.NewExternalPort,
    protocol: asked.NewProtocol === 'UDP' ? 'UDP' : 'TCP',
    remoteHost: asked.NewRemoteHost,
    internalClient: asked.NewInternalClient,
    internalPort: asked.NewInternalPort,
    enabled: asked.NewEnabled,
    description: asked.NewPortMappingDescription,
    leaseSeconds: asked.NewLeaseDuration,
  };
}
