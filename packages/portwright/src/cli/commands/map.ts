import type { AbortSignalLike, Gateway, PortMapping } from '@portwright/core';
import { connectionState, printable } from '@portwright/core';
import { mapBoth, mapPort, type JournalEntry, type MapPortError, type MappedPort } from '@portwright/core/mapping';
import { err, ok, ResultAsync, type Result } from '@portwright/core/result';
import type { MaybeAsked } from '../network/connect.ts';
import type { Host } from '../host.ts';
import type { OpenJournal } from './map/journal.ts';
import type { CommandResult, Outcome } from '../output/outcome.ts';
import { gatewayJson, route, term, warningsOf } from '../output/phrases.ts';
import type { MapRequest } from '../arguments/requests.ts';
import type { Terminal } from '../output/terminal.ts';

/**
 * `map`: opens a port to this computer. It is said to be mapped when the gateway has said yes; what the gateway's table
 * says, and where it is to be reached from outside, is asked for after that, so that nobody waits for it.
 */
export function map(host: Host, found: MaybeAsked, request: MapRequest): CommandResult {
  return new ResultAsync(request.journal ? cleanUpAndMap(host, found, request) : mapAll(host, found, request, null));
}

/** What an earlier run has left is told of before anything else, and whatever comes of the rest. */
async function cleanUpAndMap(host: Host, found: MaybeAsked, request: MapRequest): Promise<Result<Outcome, never>> {
  const { openJournal } = await import('./map/journal.ts');
  const opened = await openJournal(host, found.gateway);
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
      (await mapAll(host, found, request, opened)).match(
        (outcome) => outcome,
        (problem) => ({ json: {}, text: () => '', problem }),
      ),
  });
}

function entryPhrase({ protocol, externalPort, internalClient, internalPort }: JournalEntry): string {
  return `${protocol} port ${externalPort} -> ${printable(internalClient)}:${internalPort}`;
}

export type Mapped = Result<readonly MappedPort[], MapPortError>;

async function mapAll(
  host: Host,
  found: MaybeAsked,
  request: MapRequest,
  opened: OpenJournal | null,
): Promise<Result<Outcome, MapPortError>> {
  const { all: granted, hear, goOn } = grants(request.protocols.length);
  const asking = (onGranted: Grants['hear']): Promise<Mapped> => ask(found.gateway, request, host.signal, onGranted);
  const mapping = opened === null ? asking(hear) : opened.around(found.gateway, request, hear, asking);
  const first = await Promise.race([granted, mapping.then(() => null)]);
  const mapped = first === null ? await mapping : null;
  if (mapped?.isErr() === true) return err(mapped.error);
  const announced = first ?? mapped?.map((all) => all.map((one) => one.granted)).unwrapOr([]) ?? [];
  return ok({
    json: {},
    text: (terminal) => announced.map((one) => mappedLine(terminal, one)).join(''),
    afterwards: async () => {
      goOn();
      return settled(host, found, request, announced, await mapping, opened);
    },
  });
}

async function ask(
  gateway: Gateway,
  request: MapRequest,
  signal: AbortSignalLike,
  onGranted: Grants['hear'],
): Promise<Mapped> {
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
    onGranted,
    signal,
  };
  const [protocol, ...others] = protocols;
  return others.length > 0 || protocol === undefined
    ? mapBoth(gateway, options).map(({ tcp, udp }) => [tcp, udp])
    : mapPort(gateway, { ...options, protocol }).map((one) => [one]);
}

/** What is granted, heard one by one. */
export interface Grants {
  /** Resolves when there is a grant for each protocol, with the last one of each. */
  readonly all: Promise<readonly PortMapping[]>;
  /** Nothing more is asked for between the last of them and {@link Grants.goOn}: a person is told first. */
  readonly hear: (one: PortMapping) => void | Promise<void>;
  readonly goOn: () => void;
}

function grants(count: number): Grants {
  const heard = new Map<string, PortMapping>();
  let tell: (all: readonly PortMapping[]) => void;
  const all = new Promise<readonly PortMapping[]>((resolve) => {
    tell = resolve;
  });
  let goOn = (): void => undefined;
  const told = new Promise<void>((resolve) => {
    goOn = resolve;
  });
  return {
    all,
    hear: (one) => {
      heard.set(one.protocol, one);
      if (heard.size < count) return;
      tell([...heard.values()]);
      return told;
    },
    goOn,
  };
}

/** What became of it: read back, and seen from outside. */
async function settled(
  host: Host,
  { gateway, state: known }: MaybeAsked,
  request: MapRequest,
  announced: readonly PortMapping[],
  result: Mapped,
  opened: OpenJournal | null,
): Promise<Outcome> {
  if (result.isErr()) return { json: {}, text: () => '', problem: result.error };
  const mapped = result.value;
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
      ...new Set(mapped.flatMap(warningsAbout)),
      // Where it was interrupted, it was not asked.
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
        : (show, remark) => keeping.keep(host, gateway, request, mapped, show, remark, opened?.journal),
  };
}

/** Gateways count a lease down from the moment of the request. */
const LEASE_TOLERANCE_SECONDS = 30;

/** Whether what was said of one is true of the other. */
function isSame(announced: PortMapping, granted: PortMapping): boolean {
  const [said, given] = [announced.leaseSeconds ?? 0, granted.leaseSeconds ?? announced.leaseSeconds ?? 0];
  return (
    route(announced, null) === route(granted, null) &&
    (said === 0) === (given === 0) &&
    Math.abs(said - given) <= LEASE_TOLERANCE_SECONDS
  );
}

/** What is granted without an end is said when it was read: version 2 gateways make a week of it (WANIPConnection:2, 2.5.21). */
function mappedLine(terminal: Terminal, mapping: PortMapping): string {
  const how = mapping.leaseSeconds === 0 ? '' : term(mapping);
  return `${terminal.style('green', route(mapping, null))} is mapped${how}\n`;
}

/** What a person who has asked for a permanent mapping has got. */
function permanence(mapped: readonly MappedPort[]): string {
  if (!mapped.every(isPermanent)) return '';
  const isSeen = mapped.every(({ verified }) => verified === 'verified');
  return isSeen ? 'The mapping is permanent\n' : 'The mapping is permanent, if the router allows that\n';
}

function isPermanent({ requested, granted }: MappedPort): boolean {
  return requested.leaseSeconds === 0 && granted.leaseSeconds === 0;
}

/** Which the core lets pass where it is the week of version 2. */
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
  return { ...granted, requested, verified, attempts };
}

function capitalized(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}
