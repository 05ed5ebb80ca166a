/** What a service can do by its own description, whatever its version says. */
import type { Gateway } from '../../client/gateway.ts';
import { fetchDocument } from '../../client/fetch-document.ts';
import type { CallOptions } from '../../call-options.ts';
import { checkServiceUrl } from '../../description/location-policy.ts';
import { MAX_DESCRIPTION_BYTES } from '../../description/parse-description.ts';
import { decodeServiceDescription } from '../../description/service-description.ts';
import { parseUpnpType } from '../../description/upnp-type.ts';
import { serializeRequests } from './serialized-requests.ts';

/** The actions that WANIPConnection:2 added, as far as they are of use here. */
export type Version2Action = 'AddAnyPortMapping' | 'GetListOfPortMappings';

const known = new WeakMap<Gateway, readonly string[]>();

/** Whether the version says that it is there. On Askey's routers it isn't. */
export function isOfVersion2({ services }: Gateway): boolean {
  return (parseUpnpType(services.connection.serviceType)?.version ?? 1) >= 2;
}

/**
 * Whether an action of version 2 is worth a try: by the version; else by the service description, since OpenWrt and
 * others have them under version 1. That is fetched once for a gateway; without it, they are not there.
 */
export async function offersAction(gateway: Gateway, action: Version2Action, options: CallOptions): Promise<boolean> {
  if (isOfVersion2(gateway)) return true;
  const actions = known.get(gateway) ?? (await actionsOf(gateway, options));
  if (actions !== null) known.set(gateway, actions);
  return actions?.includes(action) === true;
}

async function actionsOf(gateway: Gateway, options: CallOptions): Promise<readonly string[] | null> {
  const { services, description } = gateway;
  const url = checkServiceUrl(services.connectionService.scpdUrl ?? '', description.location);
  const document = await url.asyncAndThen((checked) =>
    fetchDocument(serializeRequests(gateway, options), checked, {
      ...options,
      maxBodyBytes: MAX_DESCRIPTION_BYTES.scpd,
    }),
  );
  return document
    .andThen(({ body }) => decodeServiceDescription(body))
    .map(({ actions }) => actions.map(({ name }) => name))
    .unwrapOr(null);
}
