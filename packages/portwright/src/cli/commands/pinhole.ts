/** `pinhole`: ports of the IPv6 firewall. There is no translation there, so a port has no other number outside. */
import type { FoundGateway, Gateway } from '@portwright/core';
import {
  addPinhole,
  checkPinhole,
  deletePinhole,
  firewallStatus,
  outboundPinholeTimeout,
  pinholePackets,
  updatePinhole,
} from '@portwright/core/mapping';
import { ok } from '@portwright/core/result';
import type { CommandResult, Outcome } from '../output/outcome.ts';
import { count, duration, gatewayJson, pinholePhrase } from '../output/phrases.ts';
import type { AddPinholeRequest, FirewallRequest, OutboundRequest, PinholeRequest } from '../arguments/requests.ts';
import { definitions } from '../output/table.ts';

const DEFAULT_LEASE_SECONDS = 3600;

export function pinhole(
  { gateway }: Pick<FoundGateway, 'gateway'>,
  request: AddPinholeRequest | PinholeRequest | OutboundRequest | FirewallRequest,
): CommandResult {
  switch (request.command) {
    case 'pinhole add':
      return add(gateway, request);
    case 'pinhole update':
      return update(gateway, request);
    case 'pinhole delete':
      return deletePinhole(gateway, request.id).map(() =>
        outcome(gateway, { deleted: request.id }, `Pinhole ${request.id} is closed\n`),
      );
    case 'pinhole check':
      return check(gateway, request.id);
    case 'pinhole timeout':
      return timeout(gateway, request);
    case 'pinhole list':
      return list(gateway);
  }
}

function add(gateway: Gateway, { port, protocol, leaseSeconds, client, remote }: AddPinholeRequest): CommandResult {
  const asked = { protocol, internalPort: port, leaseSeconds, internalClient: client };
  return addPinhole(gateway, { ...asked, remoteHost: remote?.host, remotePort: remote?.port }).map((added) =>
    outcome(gateway, { pinhole: added }, `${pinholePhrase(added)}\nPinhole id: ${added.id}\n`),
  );
}

function update(gateway: Gateway, { id, leaseSeconds = DEFAULT_LEASE_SECONDS }: PinholeRequest): CommandResult {
  return updatePinhole(gateway, { id, leaseSeconds }).map(() =>
    outcome(gateway, { updated: id, leaseSeconds }, `Pinhole ${id} is open for ${duration(leaseSeconds)} from now\n`),
  );
}

function check(gateway: Gateway, id: number): CommandResult {
  return checkPinhole(gateway, id).andThen((working) =>
    pinholePackets(gateway, id)
      .map<number | null>((packets) => packets)
      .orElse(() => ok<number | null>(null))
      .map((packets) => {
        const counted = packets === null ? '' : ` (${count(packets, 'packet')})`;
        const said = working === null ? 'no traffic yet' : working ? 'works' : 'does not work';
        return outcome(gateway, { id, working, packets }, `Pinhole ${id}: ${said}${counted}\n`);
      }),
  );
}

/** For what this computer has opened by sending, which is no pinhole of anybody's and has no id. */
function timeout(gateway: Gateway, { protocol, port, client, remote }: OutboundRequest): CommandResult {
  const flow = {
    protocol,
    internalPort: port,
    internalClient: client,
    remoteHost: remote?.host,
    remotePort: remote?.port,
  };
  return outboundPinholeTimeout(gateway, flow).map((seconds) =>
    outcome(
      gateway,
      { outboundTimeoutSeconds: seconds },
      `An outgoing ${protocol} connection expires after ${duration(seconds)} without traffic\n`,
    ),
  );
}

/** WANIPv6FirewallControl:1 has no action that lists pinholes; each is known by its id alone. */
function list(gateway: Gateway): CommandResult {
  return firewallStatus(gateway).map((firewall) => ({
    json: { firewall, pinholes: null, gateway: gatewayJson(gateway) },
    text: (terminal) =>
      definitions(terminal, [
        ['IPv6 firewall', firewall.enabled ? 'on' : 'off'],
        ['Pinholes', firewall.pinholesAllowed ? 'allowed' : 'not allowed'],
      ]),
    warnings: [
      'Routers cannot list pinholes: the specification has no action for it. "pinhole check" shows one by its id.',
    ],
  }));
}

function outcome(gateway: Gateway, json: object, text: string): Outcome {
  return { json: { ...json, gateway: gatewayJson(gateway) }, text: () => text };
}
