import { fetchDescription } from '../../client/fetch-description.ts';
import type { Gateway } from '../../client/gateway.ts';
import { checkServiceUrl } from '../../description/location-policy.ts';
import type { AbortSignalLike } from '../../ports.ts';
import { serializeRequests } from '../igd/serialized-requests.ts';

/** Whether the gateway's own description is at a URL, which an announcement may have named: only its host is asked. */
export async function isDescribedAt(gateway: Gateway, url: string, signal: AbortSignalLike): Promise<boolean> {
  const { location, device } = gateway.description;
  const checked = checkServiceUrl(url, location).unwrapOr(null);
  if (checked === null || signal.aborted) return false;
  const fetched = await fetchDescription(serializeRequests(gateway), checked, { signal });
  return fetched.map(({ description }) => description.device.udn === device.udn).unwrapOr(false);
}
