/** A port mapping as the arguments of an IGD action, and back. */
import type { ActionInput, ActionOutput } from '../igd/declaration.ts';
import type { WanIpConnection } from '../igd/wan-ip-connection.ts';
import { DEFAULT_DESCRIPTION, type CheckedKey, type PortMapping, type WantedMapping } from '../port-mapping.ts';

/** The arguments that name a mapping, in every action that takes one. */
export function keyInput({ externalPort, protocol, remoteHost = '' }: CheckedKey): KeyInput {
  return { NewRemoteHost: remoteHost, NewExternalPort: externalPort, NewProtocol: protocol };
}

type KeyInput = ActionInput<WanIpConnection, 'DeletePortMapping'>;

/** The arguments of AddPortMapping, and of AddAnyPortMapping. */
export function mappingInput(wanted: WantedMapping): ActionInput<WanIpConnection, 'AddPortMapping'> {
  return {
    ...keyInput(wanted),
    NewInternalPort: wanted.internalPort,
    NewInternalClient: wanted.internalClient,
    NewEnabled: true,
    NewPortMappingDescription: wanted.description?.trim() ? wanted.description : DEFAULT_DESCRIPTION,
    NewLeaseDuration: wanted.leaseSeconds,
  };
}

/** The mapping of an entry, as it stands in a listing and in a request alike. */
export function toPortMapping(entry: ActionOutput<WanIpConnection, 'GetGenericPortMappingEntry'>): PortMapping {
  return {
    externalPort: entry.NewExternalPort,
    protocol: entry.NewProtocol,
    remoteHost: entry.NewRemoteHost ?? '',
    internalClient: entry.NewInternalClient,
    internalPort: entry.NewInternalPort,
    enabled: entry.NewEnabled,
    description: entry.NewPortMappingDescription,
    leaseSeconds: entry.NewLeaseDuration,
  };
}
