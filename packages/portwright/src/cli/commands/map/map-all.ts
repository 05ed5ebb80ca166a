/** `map --all`: maps the port on every gateway, and shows the result of each. */
import { budgetFor } from '@portwright/core/internal';
import type { Transport } from '@portwright/core';
import { printable } from '@portwright/core';
import type { MappedOnAll, MappingOnGateway, PinholeOnGateway } from '@portwright/core/mapping';
import { ResultAsync } from '@portwright/core/result';
import type { CommandResult, Outcome } from '../../output/outcome.ts';
import { gatewayJson, nameOf, pinholePhrase, route, term, viaName } from '../../output/phrases.ts';
import type { Problem } from '../../errors/problem.ts';
import { candidateLines } from '../../output/report.ts';
import type { Terminal } from '../../output/terminal.ts';
import { wrap } from '../../output/width.ts';
import type { Context } from '../command.ts';
import type { MapRequest } from './request.ts';

export function mapAll(request: MapRequest, context: Context): CommandResult {
  const { host, network } = context;
  return ResultAsync.fromSafePromise(network.resolveTransport(host, { simulate: request.simulate })).andThen(
    (transport) => onEach(request, transport, context),
  );
}

function onEach(request: MapRequest, transport: Transport, { host, network }: Context): CommandResult {
  const { port, internalPort, protocols, leaseSeconds, description, any, verify, families } = request;
  return network
    .mapOnAll(transport, {
      ...network.searchOptions(request, host.signal),
      externalPort: port,
      internalPort,
      protocol: protocols[0] ?? 'TCP',
      leaseSeconds,
      description,
      port: any ? 'any' : 'exact',
      verify,
      budgetMs: budgetFor(request.timeoutMs),
      ipv6: families.includes('ipv6'),
    })
    .map(outcome);
}

function outcome({ gateways, rejected }: MappedOnAll): Outcome {
  const warnings = gateways.flatMap(({ result }) => result.map((mapped) => mapped.warnings).unwrapOr([]));
  return {
    json: { gateways: gateways.map(documentOf), rejected },
    text: (terminal) => gateways.map((one) => lines(terminal, one)).join('\n') + candidateLines(terminal, rejected),
    warnings: [...new Set(warnings.map(({ message }) => `${message.charAt(0).toUpperCase()}${message.slice(1)}.`))],
    problem: firstProblem(gateways),
  };
}

/** A port that only some gateways have opened is a failure. */
function firstProblem(all: readonly MappingOnGateway[]): Problem | undefined {
  for (const { result, pinhole } of all) {
    if (result.isErr()) return result.error;
    if (pinhole !== null && pinhole.result.isErr() && !isAbsent(pinhole)) return pinhole.result.error;
  }
  return undefined;
}

/** There is no IPv6 firewall, or no IPv6 address behind it. */
function isAbsent({ result }: PinholeOnGateway): boolean {
  return result.isErr() && (result.error.kind === 'invalid-argument' || result.error.code === 'no-address');
}

function documentOf({ gateway, result, pinhole }: MappingOnGateway): object {
  return {
    gateway: gatewayJson(gateway),
    ...result.match<object>(
      ({ granted, requested, verified, attempts }) => ({ mapping: { ...granted, requested, verified, attempts } }),
      (error) => ({ error }),
    ),
    ...(pinhole === null
      ? {}
      : pinhole.result.match<object>(
          (made) => ({ pinhole: made }),
          (error) => ({ pinholeError: error }),
        )),
  };
}

function lines(terminal: Terminal, { gateway, result, pinhole }: MappingOnGateway): string {
  const { device, location } = gateway.description;
  const overIpv4 = result.match(
    ({ granted }) => `${route(granted, null)} is mapped by ${viaName(granted.via)}${term(granted)}`,
    ({ message }) => printable(message),
  );
  const overIpv6 = pinhole?.result.match(pinholePhrase, ({ message }) => `IPv6: ${printable(message)}`);
  return [
    terminal.style('bold', `${nameOf(device)}, ${printable(location)}`),
    ...[overIpv4, overIpv6].flatMap((one) => (one === undefined ? [] : [wrap(one, terminal.width, '  ')])),
    '',
  ].join('\n');
}
