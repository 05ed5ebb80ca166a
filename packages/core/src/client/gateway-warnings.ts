/** What is odd about a gateway that can be used. */
import { inSubnet, sameAddress } from '../addresses/ip-address.ts';
import type { DeviceDescription } from '../description/device-description.ts';
import { hostIn } from '../description/url.ts';
import type { InterfaceAddress } from '../ports.ts';
import { ipv4DefaultRouter } from './default-router.ts';
import type { Gateway } from './gateway.ts';

export interface GatewayWarning {
  /**
   * `not-default-router`: this host's Internet traffic goes through another router, so its mappings may lead nowhere.
   * `damaged-description`: it is not well-formed, and its name and model may be missing; see `DeviceDescription.damage`.
   */
  readonly code: 'not-default-router' | 'damaged-description';
  readonly message: string;
  readonly hint: string;
}

/** @param isDefaultRouter - whether it is known to be; else the system is asked for its default router. Nothing is sent. */
export async function gatewayWarnings(
  { transport, description }: Gateway,
  isDefaultRouter: boolean = false,
): Promise<readonly GatewayWarning[]> {
  const damaged = damageWarnings(description);
  if (isDefaultRouter) return damaged;
  const [listed, router] = await Promise.all([transport.interfaces.list(), ipv4DefaultRouter(transport)]);
  return [...warningsFor(hostIn(description.location), router, listed.unwrapOr([])), ...damaged];
}

/** The warnings for a description, from whatever gateway. */
export function damageWarnings({ damage }: DeviceDescription): readonly GatewayWarning[] {
  if (!damage) return [];
  return [
    {
      code: 'damaged-description',
      message: `the device description is not well-formed XML at ${damage.where}: "${damage.excerpt}"`,
      hint: "Portwright uses the router's services all the same. Update the router's firmware, or report this to its maker.",
    },
  ];
}

/**
 * The warnings for a gateway at an address. None where the default router is unknown, where the gateway runs on this
 * host, and for one beyond this host's networks: traffic may pass it after the default router. IPv6 addresses can't be
 * compared with a default router's IPv4 address.
 *
 * @param router - the IPv4 address of the default router
 */
export function warningsFor(
  host: string,
  router: string | null,
  listed: readonly InterfaceAddress[],
): readonly GatewayWarning[] {
  const isNear = listed.some((one) => !one.internal && inSubnet(host, one.address, one.prefixLength));
  const isThisHost = listed.some(({ address }) => sameAddress(address, host));
  if (router === null || host.includes(':') || !isNear || isThisHost || sameAddress(host, router)) return [];
  return [
    {
      code: 'not-default-router',
      message: `${host} is not this computer's default router (${router}): no Internet traffic goes through it`,
      hint: `Turn on UPnP in the settings of ${router}, and search again.`,
    },
  ];
}
