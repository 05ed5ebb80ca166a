/** Keeps mappings on whatever gateway the network has, for as long as a program runs. */
import { err, ok, okAsync, ResultAsync, type Result } from 'neverthrow';
import { createAbort, type Abort } from '../client/abort.ts';
import type { ConnectionState } from '../client/connection-state.ts';
import { findGateway, type FindGatewayError } from '../client/find-gateway.ts';
import type { Gateway } from '../client/gateway.ts';
import { internalClientOf } from '../client/internal-client.ts';
import { DEFAULT_DESCRIPTION, type PortMapping } from '../client/port-mapping.ts';
import type { FoundGateway } from '../client/select-gateway.ts';
import type { CallError } from '../client/service-client.ts';
import type { Transport } from '../ports.ts';
import type { KeepError } from './kept-events.ts';
import type { Journal } from './journal.ts';
import { KeptMapping } from './kept-mapping.ts';
import { mapPort, type MapPortOptions, type MappedPort } from './map-port.ts';
import { ladder, type MappingPolicy } from './policy.ts';
import { readMapping } from './read-mapping.ts';
import { leadsTo, removeMapping } from './try-attempt.ts';
import { watchGateway, type GatewayChange, type GatewayWatch, type WatchOptions } from './watch.ts';

export interface KeeperOptions {
  /** The gateway to begin with; default: the one that `find` gives. */
  readonly gateway?: Gateway | undefined;
  /** How a gateway is found, at first and when one has vanished; default: {@link findGateway}. */
  readonly find?: (() => ResultAsync<FoundGateway<ConnectionState | null>, FindGatewayError>) | undefined;
  /** Where mappings are written down, for {@link cleanUpAfterCrash}; default: nowhere. */
  readonly journal?: Journal | undefined;
  /** How the gateway is watched meanwhile. */
  readonly watch?: Omit<WatchOptions, 'state'> | undefined;
}

/** After the first failure; it doubles from one to the next. */
const FIRST_PAUSE_MS = 5_000;
/** A gateway that refuses for good is asked twice an hour. */
const LONGEST_PAUSE_MS = 1_800_000;
/** A mapping without end is looked at as if it had this lease: 4294967295 has been seen for it as well. */
const LEASE_OF_PERMANENT_SECONDS = 3_600;
const LONGEST_LEASE_SECONDS = 2_592_000;

/** Looks after any number of mappings, with one timer. */
export class Keeper implements AsyncDisposable {
  readonly #transport: Transport;
  readonly #find: NonNullable<KeeperOptions['find']>;
  readonly #watchOptions: WatchOptions;
  readonly #journal: Journal | undefined;
  readonly #mappings = new Set<KeptMapping>();
  #gateway: Gateway | null;
  #watch: GatewayWatch | null = null;
  /** When the next search is due, while there is no gateway. */
  #searchAt = 0;
  #searches = 0;
  #isRunning = false;
  #isClosed = false;
  #nap: Abort | null = null;

  constructor(transport: Transport, { gateway, find, journal, watch = {} }: KeeperOptions = {}) {
    this.#transport = transport;
    this.#gateway = gateway ?? null;
    this.#find = find ?? (() => findGateway(transport));
    this.#watchOptions = watch;
    this.#journal = journal;
  }

  /** The gateway that the mappings are on; null while there is none. */
  get gateway(): Gateway | null {
    return this.#gateway;
  }

  /** Maps a port, and keeps it mapped. What comes of it is told by the mapping's events. */
  keep(options: MapPortOptions): KeptMapping {
    const mapping = new KeptMapping(options, { release: (closed) => this.#release(closed) }, this.#now());
    this.#mappings.add(mapping);
    if (!this.#isRunning) void this.#run();
    else this.#wake();
    return mapping;
  }

  /** Something may have changed: looks at the gateway now, and not only when it is time. */
  look(): void {
    this.#watch?.look();
  }

  /** Closes every mapping. */
  async close(): Promise<void> {
    this.#isClosed = true;
    for (const mapping of [...this.#mappings]) await mapping[Symbol.asyncDispose]();
    this.#wake();
    await this.#watch?.close();
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.close();
  }

  #now(): number {
    return this.#transport.clock.now();
  }

  #wake(): void {
    this.#nap?.abort();
  }

  async #run(): Promise<void> {
    this.#isRunning = true;
    while (!this.#isClosed && this.#mappings.size > 0) {
      if (this.#gateway === null) await this.#search();
      else this.#watch ??= this.#watching(this.#gateway, null);
      await this.#tend();
      await this.#sleepUntil(this.#nextDue());
    }
    this.#isRunning = false;
    await this.#watch?.close();
    this.#watch = null;
  }

  #nextDue(): number {
    if (this.#gateway === null) return this.#searchAt;
    let next = Infinity;
    for (const { dueAt } of this.#mappings) if (dueAt < next) next = dueAt;
    return next;
  }

  async #sleepUntil(time: number): Promise<void> {
    if (this.#isClosed || this.#mappings.size === 0) return;
    this.#nap = createAbort();
    await this.#transport.clock.sleep(Math.max(0, time - this.#now()), this.#nap.signal);
    this.#nap = null;
  }

  async #search(): Promise<void> {
    const found = await this.#find();
    if (found.isErr()) {
      this.#searches += 1;
      const pause = this.#pauseAfter(this.#searches);
      this.#searchAt = this.#now() + pause;
      for (const mapping of this.#mappings) this.#lose(mapping, found.error, pause);
      return;
    }
    this.#searches = 0;
    this.#gateway = found.value.gateway;
    this.#watch = this.#watching(found.value.gateway, found.value.state);
    this.#allDue();
  }

  #watching(gateway: Gateway, state: ConnectionState | null): GatewayWatch {
    const watch = watchGateway(gateway, { ...this.#watchOptions, state });
    watch.on((change) => {
      if (this.#watch === watch) this.#notice(change);
    });
    return watch;
  }

  #notice(change: GatewayChange): void {
    switch (change.kind) {
      case 'externalAddress': {
        const { kind, address, addressClass } = change;
        for (const mapping of this.#mappings) mapping.emit({ kind, address, addressClass });
        break;
      }
      // After a restart its control URL may be another one; what is found then is mostly the same device.
      case 'restarted':
      case 'gone':
      case 'network':
        this.#forget();
        break;
      case 'connection':
        // With the connection some routers lose their table.
        if (change.connected) this.#allDue();
        break;
      case 'mappings':
        break;
    }
    this.#wake();
  }

  /** The gateway is no longer there, or this host is somewhere else: another one is searched for at once. */
  #forget(): void {
    void this.#watch?.close();
    this.#watch = null;
    this.#gateway = null;
    this.#searchAt = 0;
  }

  #allDue(): void {
    for (const mapping of this.#mappings) mapping.dueAt = this.#now();
  }

  async #tend(): Promise<void> {
    for (const mapping of [...this.#mappings]) {
      if (this.#gateway === null || this.#isClosed) return;
      if (mapping.dueAt <= this.#now() && mapping.phase !== 'closed') await this.#renew(mapping, this.#gateway);
    }
  }

  async #renew(mapping: KeptMapping, gateway: Gateway): Promise<void> {
    const { granted, options } = mapping;
    const intended = granted === null ? await this.#intend(gateway, options) : null;
    const result = await mapPort(gateway, {
      ...options,
      // An address that this host had on another network is no good here: unless given, it is found anew each time.
      internalPort: options.internalPort ?? options.externalPort,
      externalPort: granted?.externalPort ?? options.externalPort,
      policy: granted === null ? options.policy : remembering(granted, options.policy),
      askState: granted === null,
    });
    const isElsewhere = result.isErr() || result.value.granted.externalPort !== intended?.externalPort;
    if (intended !== null && isElsewhere) await this.#journal?.remove(gateway, intended);
    if (mapping.phase === 'closed') {
      if (result.isOk()) (await removeMapping(gateway, result.value.granted, {})).unwrapOr(undefined);
      return;
    }
    if (result.isOk()) await this.#succeed(mapping, granted, result.value);
    else await this.#fail(mapping, gateway, granted, result.error);
  }

  /** Written down before it is asked for, since a crash may come in between. */
  async #intend(gateway: Gateway, options: MapPortOptions): Promise<PortMapping | null> {
    if (this.#journal === undefined) return null;
    const { externalPort, protocol, internalPort = externalPort, description = DEFAULT_DESCRIPTION } = options;
    const internalClient = (await internalClientOf(gateway, options.internalClient)).unwrapOr('');
    const same = { externalPort, protocol, internalPort, internalClient, description };
    const intended: PortMapping = { ...same, remoteHost: '', enabled: true, leaseSeconds: null };
    await this.#journal.add(gateway, intended);
    return intended;
  }

  async #succeed(mapping: KeptMapping, before: PortMapping | null, mapped: MappedPort): Promise<void> {
    const wasLost = mapping.phase === 'lost';
    this.#gateway = mapped.gateway;
    mapping.granted = lean(mapped.granted, mapped.requested);
    mapping.phase = 'mapped';
    mapping.error = null;
    mapping.failures = 0;
    mapping.dueAt = this.#now() + this.#renewalAfter(mapped.granted.leaseSeconds);
    await this.#journal?.add(mapped.gateway, mapping.granted);
    if (before === null) mapping.emit({ kind: wasLost ? 'restored' : 'mapped', mapping: mapped });
    else if (!leadsTo(mapped.granted, before) || mapped.granted.externalPort !== before.externalPort) {
      mapping.emit({ kind: 'moved', mapping: mapped, from: before });
    } else if (wasLost) mapping.emit({ kind: 'restored', mapping: mapped });
    else mapping.emit({ kind: 'renewed', mapping: mapped.granted });
  }

  /** A renewal that was refused is no loss while the old lease lasts. */
  async #fail(mapping: KeptMapping, gateway: Gateway, granted: PortMapping | null, error: KeepError): Promise<void> {
    mapping.failures += 1;
    const pause = this.#pauseAfter(mapping.failures);
    mapping.dueAt = this.#now() + pause;
    const last = error.kind === 'not-mapped' ? error.attempts.at(-1)?.error : undefined;
    // Perhaps it is gone: that is seen at the next look, and this is the time for it.
    if (last?.kind === 'transport') this.#watch?.look();
    if (granted !== null && (await this.#stands(gateway, granted))) return;
    this.#lose(mapping, error, pause);
  }

  #lose(mapping: KeptMapping, error: KeepError, retryInMs: number): void {
    mapping.error = error;
    if (mapping.phase === 'lost' || mapping.phase === 'closed') return;
    mapping.phase = 'lost';
    mapping.emit({ kind: 'lost', error, retryInMs });
  }

  async #stands(gateway: Gateway, granted: PortMapping): Promise<boolean> {
    const isSame = (entry: PortMapping): boolean => leadsTo(entry, granted);
    const entry = (await readMapping(gateway, granted, isSame)).unwrapOr(null);
    return entry !== null && isSame(entry);
  }

  #release(mapping: KeptMapping): ResultAsync<void, CallError> {
    this.#mappings.delete(mapping);
    if (this.#mappings.size === 0) this.#wake();
    const { granted } = mapping;
    const gateway = this.#gateway;
    mapping.granted = null;
    if (granted === null || gateway === null) return okAsync(undefined);
    const deleted = async (): Promise<Result<void, CallError>> => {
      // Somebody else may have it by now, if our lease has ended.
      if (!(await this.#stands(gateway, granted))) {
        await this.#journal?.remove(gateway, granted);
        return ok(undefined);
      }
      const removed = await removeMapping(gateway, granted, {});
      if (removed.isErr()) return err(removed.error);
      await this.#journal?.remove(gateway, granted);
      return ok(undefined);
    };
    return new ResultAsync(deleted());
  }

  /** Half of the lease, a tenth of that more or less, so that a thousand programs do not renew at once. */
  #renewalAfter(leaseSeconds: number | null): number {
    const isEndless = leaseSeconds === null || leaseSeconds === 0 || leaseSeconds > LONGEST_LEASE_SECONDS;
    const lease = isEndless ? LEASE_OF_PERMANENT_SECONDS : leaseSeconds;
    return lease * 500 * (0.9 + 0.1 * this.#transport.random.fraction());
  }

  #pauseAfter(failures: number): number {
    const pause = Math.min(FIRST_PAUSE_MS * 2 ** (failures - 1), LONGEST_PAUSE_MS);
    return pause * (0.8 + 0.4 * this.#transport.random.fraction());
  }
}

/** Begins with what has worked before, and climbs from there. */
function remembering({ leaseSeconds, description }: PortMapping, policy: MappingPolicy = ladder): MappingPolicy {
  return (demand, failed) => {
    const next = policy(demand, failed);
    if (next === null || failed.length > 0) return next;
    const isPermanent = leaseSeconds === 0 && demand.leaseSeconds > 0;
    return {
      ...next,
      method: 'exact',
      leaseSeconds: isPermanent ? 0 : next.leaseSeconds,
      description: description ?? next.description,
    };
  };
}

/** The same, without holding on to the answers that its texts were read from. */
function lean(granted: PortMapping, requested: PortMapping): PortMapping {
  const { internalClient, description, remoteHost } = requested;
  return {
    ...granted,
    internalClient: granted.internalClient === internalClient ? internalClient : granted.internalClient,
    description: granted.description === description ? description : granted.description,
    remoteHost: granted.remoteHost === remoteHost ? remoteHost : granted.remoteHost,
  };
}
