import type { CallOptions } from '@portwright/core';
import type { SearchedMapper } from '@portwright/core/mapping';
import { printable } from '@portwright/core';
import { gatewayOf, gatewayReport, type Gateway, type GatewayReport } from '@portwright/core/upnp';
import { err, ok, ResultAsync } from '@portwright/core/result';
import { MAPPER_OPTIONS, mapperRequest, type MapperRequest } from '../arguments/options.ts';
import type { CommandResult, Outcome } from '../output/outcome.ts';
import {
  addressPhrase,
  bitRate,
  bytes,
  choiceWarnings,
  mapperJson,
  makeOf,
  nameOf,
  count,
  statusPhrase,
  viaName,
  warningsOf,
} from '../output/phrases.ts';
import type { Problem } from '../errors/problem.ts';
import { candidateLines } from '../output/report.ts';
import { definitions } from '../output/table.ts';
import { defineCommand, type Context } from './command.ts';

export interface StatusRequest extends MapperRequest {
  readonly command: 'status';
  /** The UPnP service types are shown as well. */
  readonly services: boolean;
}

export const command = defineCommand({
  name: 'status',
  helpOrder: 30,
  description: 'show everything the router reports',
  parameters: [],
  options: [{ name: 'services', description: 'show the UPnP service types (URNs) as well' }, ...MAPPER_OPTIONS],
  toRequest: (flags): StatusRequest => ({
    command: 'status',
    ...mapperRequest(flags),
    services: flags.services === true,
  }),
});

export function run(request: StatusRequest, { host, network }: Context): CommandResult {
  const { signal } = host;
  return network.connectMapper(host, request, { trustDefaultRouter: false }).andThen((found) => {
    const gateway = gatewayOf(found.mapper);
    const outcome =
      gateway === null
        ? serverOutcome(found, { signal })
        : gatewayReport(gateway, { signal }).then((report) => gatewayOutcome(found, gateway, report, request.services));
    return ResultAsync.fromSafePromise(outcome).andThen((one) =>
      signal.aborted
        ? err<Outcome, Problem>({ kind: 'transport', code: 'aborted', message: 'the report was aborted' })
        : ok<Outcome, Problem>(one),
    );
  });
}

/** A PCP or NAT-PMP server tells its address alone. */
async function serverOutcome({ mapper, rejected }: SearchedMapper, options: CallOptions): Promise<Outcome> {
  const state = await mapper.readState(options);
  const { externalAddress = null, externalAddressClass = 'invalid' } = state;
  return {
    json: { externalAddress, externalAddressClass, gateway: mapperJson(mapper), rejected },
    text: (terminal) =>
      definitions(terminal, [
        ['Router', mapper.gateway.id],
        ['Protocol', viaName(mapper.via)],
        ['External address', addressPhrase({ externalAddress, externalAddressClass })],
      ]) + candidateLines(terminal, rejected),
    warnings: warningsOf(state),
  };
}

function gatewayOutcome(
  found: SearchedMapper,
  gateway: Gateway,
  report: GatewayReport,
  showsServices: boolean,
): Outcome {
  const { rejected } = found;
  const { description, services, localAddress } = gateway;
  const { state, ...rest } = report;
  const make = makeOf(description.device);
  const behind = 'The router is connected and reports no external address: it may be behind another router.';
  const off = 'The router reports that NAT is off. Port mappings have no effect then.';
  return {
    json: { ...state, ...rest, gateway: mapperJson(found.mapper), rejected },
    text: (terminal) =>
      definitions(terminal, [
        ['Router', nameOf(description.device) + (make === null ? '' : ` (${make})`)],
        ['Description', description.location],
        ['Service', showsServices ? known(services.connection.serviceType) : null],
        ['Default service', showsServices ? known(report.defaultConnectionService) : null],
        ['Status', statusPhrase(state)],
        ['External address', addressPhrase(state)],
        ['NAT', report.natEnabled === null ? null : onOff(report.natEnabled)],
        ['Line', line(report)],
        ['Sent', traffic(report.counters.bytesSent, report.counters.packetsSent)],
        ['Received', traffic(report.counters.bytesReceived, report.counters.packetsReceived)],
        ['Port mappings', mappings(report)],
        ['IPv6 firewall', firewall(report)],
        ['This computer', localAddress],
      ]) + candidateLines(terminal, rejected),
    warnings: [
      ...choiceWarnings(found),
      ...warningsOf(state),
      ...(state.connected && state.externalAddress === null ? [behind] : []),
      ...(report.natEnabled === false ? [off] : []),
    ],
  };
}

function onOff(value: boolean): string {
  return value ? 'on' : 'off';
}

function known(text: string | null): string | null {
  return printable(text ?? '') || null;
}

/** `Ethernet, Up, 100 Mbit/s down, 20 Mbit/s up`. */
function line({ accessType, physicalLink, downstreamBitRate, upstreamBitRate }: GatewayReport): string | null {
  const parts = [
    known(accessType),
    known(physicalLink),
    downstreamBitRate === null ? null : `${bitRate(downstreamBitRate)} down`,
    upstreamBitRate === null ? null : `${bitRate(upstreamBitRate)} up`,
  ];
  return parts.filter((part) => part !== null).join(', ') || null;
}

function traffic(sent: number | null, packets: number | null): string | null {
  const parts = [sent === null ? null : bytes(sent), packets === null ? null : count(packets, 'packet')];
  return parts.filter((part) => part !== null).join(', ') || null;
}

/** `3 (1 to this computer, 1 unreadable)`. */
function mappings({ mappings: told }: GatewayReport): string | null {
  if (told === null) return null;
  const { all, own, unreadable, complete } = told;
  const count = complete ? String(all) : `at least ${all}`;
  const odd = unreadable === 0 ? '' : `, ${unreadable} unreadable`;
  return all === 0 ? count : `${count} (${own} to this computer${odd})`;
}

function firewall({ firewall: told }: GatewayReport): string | null {
  if (told === null) return null;
  return `${onOff(told.enabled)}, pinholes ${told.pinholesAllowed ? 'allowed' : 'not allowed'}`;
}
