/** Requests to a gateway's IPv6 firewall: from which address they are sent. */
import { err, ok, safeTry, type Result, type ResultAsync } from '../../result.ts';
import { checkArguments, GATEWAY, optional, OPTIONS } from '../../arguments.ts';
import type { CallOptions } from '../../call-options.ts';
import type { Gateway } from '../../client/gateway.ts';
import { isOwnAddress } from '../../client/own-address.ts';
import type { ServiceClient } from '../../client/service-client.ts';
import type { CallError, InvalidArgumentError } from '../../errors.ts';
import type { ActionInput, ActionName, ActionOutput } from '../../igd/declaration.ts';
import { wanIpv6FirewallControl, type WanIpv6FirewallControl } from '../../igd/wan-ipv6-firewall-control.ts';
import { pinholeClientOf } from './pinhole-address.ts';
import { bindServiceClient, isOverIpv6 } from './source-address.ts';

/**
 * Gateways answer only the host that a hole leads to (2.6.2), and that one by the address that it leads to. So a request
 * over IPv6 is sent from there.
 */
export interface PinholeCallOptions extends CallOptions {
  /** This host's IPv6 address that is to be reached; default: the global one of the interface towards the gateway. */
  readonly internalClient?: string | undefined;
}

/** Calls an action in the name of a hole's internal client. */
export function callFirewall<A extends ActionName<WanIpv6FirewallControl>>(
  gateway: Gateway,
  action: A,
  options: PinholeCallOptions | undefined,
  input: ActionInput<WanIpv6FirewallControl, A>,
): ResultAsync<ActionOutput<WanIpv6FirewallControl, A>, CallError> {
  return safeTry<ActionOutput<WanIpv6FirewallControl, A>, CallError>(async function* () {
    yield* checkArguments(['gateway', gateway, GATEWAY], ['options', options, optional(OPTIONS)]);
    const firewall = yield* firewallOf(gateway);
    const from = await sourceAddress(gateway, firewall, options?.internalClient);
    return from === null
      ? firewall.call(action, input, options).mapErr((error) => (isOverIpv6(firewall) ? error : hintForIpv6Only(error)))
      : bindServiceClient(gateway, wanIpv6FirewallControl, firewall, from).call(action, input, options);
  });
}

/** Over IPv4, a router can't see whose IPv6 address it is (2.6.2). */
function hintForIpv6Only(error: CallError): CallError {
  if (error.kind !== 'upnp-fault' || error.name !== 'ActionNotAuthorized') return error;
  return {
    ...error,
    hint: "This router opens pinholes over IPv6 alone: use the URL of its description with the router's IPv6 address.",
  };
}

/** Null where the system chooses: over IPv4, and for another host's hole. */
async function sourceAddress(
  gateway: Gateway,
  firewall: ServiceClient<WanIpv6FirewallControl>,
  given: string | undefined,
): Promise<string | null> {
  const client = isOverIpv6(firewall) ? (await pinholeClientOf(gateway, given)).unwrapOr(null) : null;
  return client !== null && (await isOwnAddress(gateway.transport, client)) === true ? client : null;
}

export function firewallOf({
  firewall,
  services,
}: Gateway): Result<ServiceClient<WanIpv6FirewallControl>, InvalidArgumentError> {
  if (firewall !== null) return ok(firewall);
  return err({
    kind: 'invalid-argument',
    code: 'no-such-service',
    argument: 'gateway',
    message: `the router at ${services.connection.controlUrl} can't open IPv6 pinholes (no WANIPv6FirewallControl)`,
    hint: "Open the port in the IPv6 firewall of the router's settings.",
  });
}
