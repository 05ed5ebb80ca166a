/** `map --keep`: looks after what is mapped until the program is interrupted, and tells what happens meanwhile. */
import type { CallError, FindGatewayError, Gateway, MappingKey, NoGatewayError } from '@portwright/core';
import {
  Keeper,
  type Journal,
  type KeptEvent,
  type KeptMapping,
  type MapPortOptions,
  type MappedPort,
} from '@portwright/core/mapping';
import { printable } from '@portwright/core';
import type { ConnectError } from '../../network/connect.ts';
import { logText } from '../../output/log-line.ts';
import type { Event, Notify, Show } from '../../output/outcome.ts';
import { elapsed, lease, route, term } from '../../output/phrases.ts';
import type { Problem } from '../../errors/problem.ts';
import { untilAborted } from '../../until-aborted.ts';
import type { Context } from '../command.ts';
import type { MapRequest } from './request.ts';

export async function keep(
  { host, network }: Context,
  gateway: Gateway,
  request: MapRequest,
  mapped: readonly MappedPort[],
  show: Show,
  notify: Notify,
  journal?: Journal,
): Promise<Problem | undefined> {
  const { transport } = gateway;
  await using keeper = new Keeper(transport, {
    gateway: mapped[0]?.gateway ?? gateway,
    // A person who looks on sees changes as they happen.
    watch: { events: true },
    journal,
    find: (signal) => network.locate(host, request, transport, signal, true).mapErr(asSearchError),
  });
  const kept = mapped.map((one, index) => {
    const mapping = keeper.keep(optionsOf(one, request), one);
    follow(mapping, index === 0, show);
    return { mapping, before: one.granted };
  });
  await untilAborted(host.signal);
  // A router that does not answer is waited for.
  notify(
    `Unmapping ${kept.map(({ before }) => nameOf(before)).join(' and ')} (press Ctrl-C again to leave it mapped) ...`,
  );
  let problem: Problem | undefined;
  for (const { mapping, before } of kept) {
    const { protocol, externalPort } = mapping.granted ?? before;
    const closed = await mapping.close();
    if (closed.isErr()) problem = stillMapped(host.invocation, { protocol, externalPort }, closed.error, problem);
    else show(unmapped({ protocol, externalPort }));
  }
  return problem;
}

/** What it is to be from now on, where it was granted. */
function optionsOf({ granted }: MappedPort, request: MapRequest): MapPortOptions {
  const { leaseSeconds, description, verify, any, protocols } = request;
  const { externalPort, internalPort, protocol } = granted;
  // Two that are to stay on the same port can't go each its own way.
  const port = any && protocols.length === 1 ? 'any' : 'exact';
  return { externalPort, internalPort, protocol, leaseSeconds, description, verify, port };
}

/** @param tellsAddress - of two mappings one does: it is the gateway's */
function follow(kept: KeptMapping, tellsAddress: boolean, show: Show): void {
  kept.on((event) => {
    if (event.kind === 'externalAddress' && !tellsAddress) return;
    const { protocol, externalPort } = kept.granted ?? kept.options;
    const at = new Date();
    const text = phrase(event, nameOf({ protocol, externalPort }));
    show({
      json: { event: event.kind, at: at.toISOString(), protocol, externalPort, ...detail(event) },
      text: (terminal) => logText(terminal, at, text),
    });
  });
}

function phrase(event: KeptEvent, name: string): string {
  switch (event.kind) {
    case 'renewed':
      return event.mapping.leaseSeconds === 0
        ? `${name} is still mapped`
        : `${name} is renewed for ${lease(event.mapping)}`;
    case 'mapped':
    case 'restored':
      return `${name} is mapped again${term(event.mapping.granted)}`;
    case 'moved':
      return `${name} has moved: now ${route(event.mapping.granted, null)}`;
    case 'lost':
      return `${name} is lost: ${printable(event.error.message)}; trying again in ${elapsed(event.retryInMs)}`;
    case 'externalAddress':
      return event.address === null
        ? 'The router has lost its external address'
        : `The external address is now ${event.address} (${event.addressClass})`;
  }
}

function detail(event: KeptEvent): object {
  switch (event.kind) {
    case 'renewed':
      return { mapping: event.mapping };
    case 'mapped':
    case 'restored':
    case 'moved':
      return { mapping: event.mapping.granted };
    case 'lost':
      return { error: event.error, retryInMs: event.retryInMs };
    case 'externalAddress':
      return { externalAddress: event.address, externalAddressClass: event.addressClass };
  }
}

function unmapped(key: MappingKey): Event {
  const at = new Date();
  return {
    json: { event: 'unmapped', at: at.toISOString(), ...key },
    text: (terminal) => logText(terminal, at, `${nameOf(key)} is no longer mapped`),
  };
}

/** What was not deleted, and why; with what was not before it. */
function stillMapped(invocation: string, key: MappingKey, error: CallError, before: Problem | undefined): Problem {
  const { protocol, externalPort } = key;
  const message = `${nameOf(key)} may still be mapped: ${error.message}`;
  const command = `${invocation} unmap ${externalPort} --protocol ${before === undefined ? protocol.toLowerCase() : 'both'}`;
  const hint = `When the router answers again, run: ${command}`;
  return { ...error, message: before === undefined ? message : `${before.message}; ${message}`, hint };
}

function nameOf({ protocol, externalPort }: MappingKey): string {
  return `${protocol} port ${externalPort}`;
}

/** A gateway at a URL can fail in more ways than a search; to one that looks for it, all of them mean that it is not there. */
function asSearchError(error: ConnectError): FindGatewayError {
  if (error.kind !== 'policy' && error.kind !== 'malformed') return error;
  const { message, hint } = error;
  const none: NoGatewayError = { kind: 'no-gateway', code: 'none-usable', message, candidates: [], hint };
  return none;
}
