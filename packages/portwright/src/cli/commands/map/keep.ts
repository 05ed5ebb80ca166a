/** `map --keep`: keeps the mappings until the program is interrupted, and shows what happens. */
import { budgetFor } from '@portwright/core/internal';
import type { MappingKey, Transport } from '@portwright/core';
import type { KeptEvent, KeptPort, LeaseStore, MapPortOptions, MappedPort } from '@portwright/core/mapping';
import { printable } from '@portwright/core';
import { logText } from '../../output/log-line.ts';
import type { Event, Notify, Show } from '../../output/outcome.ts';
import { elapsed, lease, leaseJson, route, term } from '../../output/phrases.ts';
import type { Problem } from '../../errors/problem.ts';
import { untilAborted } from '../../until-aborted.ts';
import type { Context } from '../command.ts';
import { answerLimit, longestSearch, type MapRequest } from './request.ts';
import { nameOf, stillMapped } from './still-mapped.ts';

export async function keep(
  { host, network }: Context,
  transport: Transport,
  request: MapRequest,
  mapped: readonly MappedPort[],
  show: Show,
  notify: Notify,
  leases: LeaseStore,
): Promise<Problem | undefined> {
  const { timeoutMs } = request;
  const search = { ...request, timeoutMs: longestSearch(timeoutMs), deadlineMs: answerLimit(timeoutMs) };
  await using keeper = new network.Keeper(transport, {
    mapper: mapped[0]?.mapper,
    // The user sees changes as they happen.
    watch: { events: true },
    leases,
    find: (signal, lastVia) => network.locateMapper(host, search, transport, { signal, lastVia }),
  });
  const kept = mapped.map((one, index) => {
    const mapping = keeper.keep(optionsOf(one, request), one);
    follow(mapping, index === 0, show);
    return { mapping, before: one.granted };
  });
  await untilAborted(host.signal);
  // The router may answer late, so say what is going on.
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

/** The options for the mapping that was granted. */
function optionsOf({ granted }: MappedPort, request: MapRequest): MapPortOptions {
  const { leaseSeconds, description, verify, any, protocols } = request;
  const { externalPort, internalPort, protocol } = granted;
  // Two protocols must stay on the same port.
  const port = any && protocols.length === 1 ? 'any' : 'exact';
  const budgetMs = budgetFor(request.timeoutMs);
  return { externalPort, internalPort, protocol, leaseSeconds, description, verify, port, budgetMs };
}

/** @param tellsAddress - one of two mappings shows changes of the external address, which is the gateway's */
function follow(kept: KeptPort, tellsAddress: boolean, show: Show): void {
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
      return { mapping: leaseJson(event.mapping) };
    case 'mapped':
    case 'restored':
    case 'moved':
      return { mapping: leaseJson(event.mapping.granted) };
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
