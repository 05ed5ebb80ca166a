import type { AbortSignalLike, PortMapping } from '@portwright/core';
import { printable } from '@portwright/core';
import { connectionState, igdMapper, type IgdMapper } from '@portwright/core/upnp';
import {
  mapPort,
  type JournalEntry,
  type LeaseStore,
  type MapPortError,
  type MappedPort,
  type MappingStep,
} from '@portwright/core/mapping';
import { err, ok, ResultAsync, type Result } from '@portwright/core/result';
import type { Option, Parameter } from '../arguments/option.ts';
import { DEFAULT_PROTOCOLS, GATEWAY_OPTIONS, gatewayRequest, PORT, PROTOCOL } from '../arguments/options.ts';
import { readLease, readPortNumber, readText } from '../arguments/values.ts';
import type { Problem } from '../errors/problem.ts';
import type { GatewayWithOptionalState } from '../network/connect.ts';
import type { Outcome } from '../output/outcome.ts';
import { choiceWarnings, gatewayJson, leaseJson, route, term, warningsOf } from '../output/phrases.ts';
import type { Terminal } from '../output/terminal.ts';
import { defineCommand, type Context } from './command.ts';
import type { OpenJournal } from './map/journal.ts';
import type { Mapped, MapRequest } from './map/request.ts';

/** A lease is a UPnP ui4. Version 2 gateways cut it to 604800, a week. */
const MAX_LEASE_SECONDS = 4_294_967_295;

const INTERNAL_PORT: Parameter<number> & { readonly isOptional: true } = {
  name: 'internal',
  description: 'port on this computer (default: the external port)',
  isOptional: true,
  read: readPortNumber('the internal port'),
};

const LEASE: Option<'lease', number> = {
  name: 'lease',
  description: 'lease time, such as 30m, 1h or 7d, or seconds; 0 means permanent (default: 1h)',
  value: { label: 'time', read: readLease(0, MAX_LEASE_SECONDS, '7d') },
};

export const command = defineCommand({
  name: 'map',
  helpOrder: 60,
  description: 'open a port to this computer',
  parameters: [PORT, INTERNAL_PORT],
  options: [
    PROTOCOL,
    LEASE,
    {
      name: 'description',
      description: "name in the router's list (default: Portwright)",
      value: { label: 'text', read: readText('--description') },
    },
    { name: 'any', description: 'use another external port if this one is taken' },
    { name: 'no-verify', description: "trust the router's answer without reading the mapping back" },
    {
      name: 'trust-conflicts',
      description:
        'skip the check whether another computer uses the port: IGD:2 routers must refuse such a request, ' +
        'but some take the port away from that computer',
      conflicts: ['all'],
    },
    {
      name: 'keep',
      description:
        'keep the port open until Ctrl-C: renew it, restore it after a router restart, follow you to another network; ' +
        'keeps running if its output (a pipe) is closed',
    },
    {
      name: 'journal',
      description:
        'with --keep: record the mapping in portwright/journal/ under $XDG_STATE_HOME (default: ~/.local/state), ' +
        'so that the next run with --journal can unmap it after a crash',
    },
    {
      name: 'all',
      description:
        'open the port on every router that answers, one protocol at a time; with --ipv6, in IPv6 firewalls too',
      conflicts: ['keep', 'gateway', 'remember'],
    },
    ...GATEWAY_OPTIONS,
  ],
  refuse: ({ journal, keep, all, protocol = DEFAULT_PROTOCOLS }) => {
    if (journal === true && keep !== true) {
      return '--journal needs --keep: only mappings that are kept open are recorded';
    }
    if (all === true && protocol.length > 1) {
      return '--all maps one protocol at a time: run it once with --protocol tcp and once with --protocol udp';
    }
    return undefined;
  },
  toRequest: (flags, [port, internalPort = port]): MapRequest => ({
    command: 'map',
    ...gatewayRequest(flags),
    port,
    internalPort,
    protocols: flags.protocol ?? DEFAULT_PROTOCOLS,
    leaseSeconds: flags.lease,
    description: flags.description,
    any: flags.any === true,
    verify: flags.verify !== false,
    trustConflicts: flags.trustConflicts === true,
    keep: flags.keep === true,
    // A simulated gateway, and everything on it, is gone with the process.
    journal: flags.journal === true && flags.simulate === undefined,
    all: flags.all === true,
  }),
  examples: [
    ['map 7777 --protocol both', 'TCP and UDP, or neither'],
    ['map 7777 --any --keep', 'this or another port, kept open'],
    ['map 443 8443 --lease 7d', 'port 443 to 8443 here, a week'],
    ['map 7777 --all --ipv6', 'on every router, over IPv6 too'],
    ['map 7777 --simulate --json', 'JSON, without a real router'],
  ],
});

/**
 * Reports the mapping as soon as the gateway has granted it. The verification and the external address come after that,
 * so that the user does not wait for them.
 */
export async function run(request: MapRequest, context: Context): Promise<Result<Outcome, Problem>> {
  if (request.all) return (await import('./map/map-all.ts')).mapAll(request, context);
  const { host, network } = context;
  return network
    .connectWithoutState(host, request)
    .andThen(
      (found) =>
        new ResultAsync(
          request.journal ? cleanUpAndMap(context, found, request) : mapOne(context, found, request, null),
        ),
    );
}

/** Reports the clean-up after an earlier run first, whether the new mapping succeeds or fails. */
async function cleanUpAndMap(
  context: Context,
  found: GatewayWithOptionalState,
  request: MapRequest,
): Promise<Result<Outcome, Problem>> {
  const { openJournal } = await import('./map/journal.ts');
  const opened = await openJournal(context.host, igdMapper(found.gateway));
  const { deleted, failed } = opened.cleanUp;
  return ok({
    json: { cleanedUp: opened.cleanUp },
    text: () => deleted.map((one) => `Unmapped ${entryPhrase(one)}, which an earlier run had left mapped\n`).join(''),
    warnings: [
      ...failed.map(
        (one) =>
          `Cannot unmap ${entryPhrase(one)}, which an earlier run left mapped. The next run with --journal tries again.`,
      ),
      ...opened.damaged.map(
        (path) =>
          `Cannot read a journal of an earlier run. Its ports may still be mapped; check with the list command: ${path}`,
      ),
    ],
    afterwards: async () =>
      (await mapOne(context, found, request, opened)).match(
        (outcome) => outcome,
        (problem) => ({ json: {}, text: () => '', problem }),
      ),
  });
}

function entryPhrase({ protocol, externalPort, internalClient, internalPort }: JournalEntry): string {
  return `${protocol} port ${externalPort} -> ${printable(internalClient)}:${internalPort}`;
}

async function mapOne(
  context: Context,
  found: GatewayWithOptionalState,
  request: MapRequest,
  opened: OpenJournal | null,
): Promise<Result<Outcome, MapPortError>> {
  const { host } = context;
  const mapping = ask(igdMapper(found.gateway), request, host.signal, opened?.leases);
  const granted = await grants(mapping.steps, request.protocols.length);
  const mapped = granted === null ? await mapping.result : null;
  if (mapped?.isErr() === true) return err(mapped.error);
  const announced = granted ?? mapped?.map((all) => all.map((one) => one.granted)).unwrapOr([]) ?? [];
  return ok({
    json: {},
    text: (terminal) => announced.map((one) => mappedLine(terminal, one)).join(''),
    afterwards: async () => settled(context, found, request, announced, await mapping.result, opened),
  });
}

interface Asked {
  readonly steps: AsyncIterable<MappingStep>;
  readonly result: PromiseLike<Mapped>;
}

function ask(mapper: IgdMapper, request: MapRequest, signal: AbortSignalLike, leases: LeaseStore | undefined): Asked {
  const { port, internalPort, protocols, leaseSeconds, description, any, verify, trustConflicts } = request;
  const options = {
    externalPort: port,
    internalPort,
    leaseSeconds,
    description,
    port: any ? ('any' as const) : ('exact' as const),
    verify,
    trustConflicts,
    askState: false,
    signal,
    leases,
  };
  const [protocol, ...others] = protocols;
  if (others.length > 0 || protocol === undefined) {
    const both = mapPort(mapper, { ...options, protocol: 'both' });
    return { steps: both.steps, result: both.map(({ ports }) => ports) };
  }
  const one = mapPort(mapper, { ...options, protocol });
  return { steps: one.steps, result: one.map((mapped) => [mapped]) };
}

/** The last grant of each protocol, as soon as there is one for each; null: there is none. */
async function grants(steps: AsyncIterable<MappingStep>, count: number): Promise<readonly PortMapping[] | null> {
  const granted = new Map<string, PortMapping>();
  for await (const step of steps) {
    if (step.kind !== 'granted') continue;
    granted.set(step.lease.protocol, step.lease);
    if (granted.size === count) return [...granted.values()];
  }
  return null;
}

/** The outcome after the verification, with the external address. */
async function settled(
  context: Context,
  found: GatewayWithOptionalState,
  request: MapRequest,
  announced: readonly PortMapping[],
  result: Mapped,
  opened: OpenJournal | null,
): Promise<Outcome> {
  if (result.isErr()) return { json: {}, text: () => '', problem: result.error };
  const { gateway, state: known } = found;
  const mapped = result.value;
  const { host } = context;
  const keeping = request.keep ? await import('./map/keep.ts') : null;
  const state = known ?? (await connectionState(gateway, { signal: host.signal }));
  const { externalAddress } = state;
  const isInterrupted = host.signal.aborted;
  const outside = `${externalAddress ?? ''}:${mapped[0]?.granted.externalPort ?? request.port}`;
  const changed = mapped.filter(
    (one) => !announced.some((said) => isSame(said, one.granted)) && notPermanent(one).length === 0,
  );
  return {
    json: {
      ...(keeping === null ? {} : { event: 'mapped' }),
      mappings: mapped.map(mappingJson),
      externalAddress,
      gateway: gatewayJson(gateway),
    },
    text: (terminal) =>
      [
        ...changed.map(({ granted }) => mappedLine(terminal, granted)),
        permanence(mapped),
        externalAddress === null ? '' : `External address: ${outside}\n`,
        keeping === null ? '' : 'Press Ctrl-C to stop and unmap.\n\n',
      ].join(''),
    warnings: [
      ...choiceWarnings(found),
      ...new Set(mapped.flatMap(warningsAbout)),
      // An interrupted run did not ask for it.
      ...(externalAddress === null && !isInterrupted ? ['The router reports no external address.'] : []),
      ...(opened?.problem() == null
        ? []
        : [
            `Cannot write the journal: ${opened.problem() ?? ''}. After a crash, the port stays mapped until its lease ends.`,
          ]),
      ...(isInterrupted ? [] : warningsOf(state)),
    ],
    follow:
      keeping === null
        ? undefined
        : (show, notify) => keeping.keep(context, gateway, request, mapped, show, notify, opened?.leases),
  };
}

/** Gateways count the lease down from the request on. */
const LEASE_TOLERANCE_SECONDS = 30;

/** Whether the announced text is also right for the granted mapping. */
function isSame(announced: PortMapping, granted: PortMapping): boolean {
  const [said, given] = [announced.leaseSeconds ?? 0, granted.leaseSeconds ?? announced.leaseSeconds ?? 0];
  return (
    route(announced, null) === route(granted, null) &&
    (said === 0) === (given === 0) &&
    Math.abs(said - given) <= LEASE_TOLERANCE_SECONDS
  );
}

/** A permanent lease is shown only after it was read back: version 2 gateways grant a week (WANIPConnection:2, 2.5.21). */
function mappedLine(terminal: Terminal, mapping: PortMapping): string {
  const how = mapping.leaseSeconds === 0 ? '' : term(mapping);
  return `${terminal.style('green', route(mapping, null))} is mapped${how}\n`;
}

/** The line for a permanent mapping that was requested and granted. */
function permanence(mapped: readonly MappedPort[]): string {
  if (!mapped.every(isPermanent)) return '';
  const isSeen = mapped.every(({ verified }) => verified === 'verified');
  return isSeen ? 'The mapping is permanent\n' : 'The mapping is permanent, if the router allows that\n';
}

function isPermanent({ requested, granted }: MappedPort): boolean {
  return requested.leaseSeconds === 0 && granted.leaseSeconds === 0;
}

/** The core does not warn of the week that version 2 gateways grant. */
function notPermanent({ requested, granted }: MappedPort): readonly string[] {
  return requested.leaseSeconds === 0 && granted.leaseSeconds !== null && granted.leaseSeconds > 0
    ? [
        `${granted.protocol} port ${granted.externalPort} is mapped${term(granted)}, not permanently: the router limits the lease.`,
      ]
    : [];
}

function warningsAbout(mapped: MappedPort): readonly string[] {
  const instead = notPermanent(mapped);
  const others = mapped.warnings.filter(({ code }) => code !== 'altered-lease' || instead.length === 0);
  return [...others.map(({ message }) => `${capitalized(message)}.`), ...instead];
}

function mappingJson({ granted, requested, verified, attempts }: MappedPort): object {
  return { ...leaseJson(granted), requested, verified, attempts };
}

function capitalized(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}
