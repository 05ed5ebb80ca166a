/** One run of `map`: a try finds the router, maps the port, and reports that. `--keep` may need several tries. */
import type { Transport } from '@portwright/core';
import {
  LeaseStore,
  type Lease,
  type MappedPort,
  type PortMapper,
  type SearchedMapper,
} from '@portwright/core/mapping';
import { err, ok, ResultAsync, type Result } from '@portwright/core/result';
import type { Problem } from '../../errors/problem.ts';
import { leaseFile } from '../../leases/lease-files.ts';
import type { Outcome } from '../../output/outcome.ts';
import { choiceWarnings, mapperJson, warningsOf } from '../../output/phrases.ts';
import type { Context } from '../command.ts';
import { changedSince, mappedLine, mappingJson, permanence, warningsAbout } from './announce.ts';
import { requestMapping, grantsOfAll } from './request-mapping.ts';
import type { Journal } from './journal.ts';
import { answerLimit, type Mapped, type MapRequest } from './request.ts';

export class MapRun {
  readonly request: MapRequest;
  readonly context: Context;
  readonly transport: Transport;
  /** Of the router that was found last; null before the first one was found. */
  mapper: PortMapper | null = null;
  /** The mappings; empty before the router has granted them. */
  mapped: readonly MappedPort[] = [];
  readonly #ledger: LeaseStore;
  #journal: Journal | null = null;

  constructor(request: MapRequest, context: Context, transport: Transport) {
    this.request = request;
    this.context = context;
    this.transport = transport;
    // A simulated router is gone with the process.
    this.#ledger = new LeaseStore(request.simulate ? {} : { file: leaseFile(context.host) });
  }

  /** What this run maps. It is recorded before it is requested, if there is a journal. */
  get leases(): LeaseStore {
    return this.#journal?.leases ?? this.#ledger;
  }

  /** Finds the router and maps the port. @param timeoutMs - for the search */
  try(timeoutMs: number | undefined): ResultAsync<Outcome, Problem> {
    const { context, request, transport } = this;
    const { host, network } = context;
    return network
      .locateMapper(host, { ...request, timeoutMs, deadlineMs: answerLimit(request.timeoutMs) }, transport, host)
      .mapErr((error): Problem => error)
      .andThen((found) => {
        this.mapper = found.mapper;
        return new ResultAsync(request.journal ? this.#cleanUpAndMap(found) : this.#map(found));
      });
  }

  /** Reports the clean-up after earlier runs first, whether the new mapping succeeds or fails. */
  async #cleanUpAndMap(found: SearchedMapper): Promise<Result<Outcome, Problem>> {
    const { openJournal } = await import('./journal.ts');
    this.#journal ??= await openJournal(this.context.host);
    return ok({
      ...(await this.#journal.cleanUp(found.mapper)),
      afterwards: async () =>
        (await this.#map(found)).match(
          (outcome) => outcome,
          (problem) => ({ json: {}, text: () => '', problem }),
        ),
    });
  }

  /**
   * Reports the mapping as soon as the gateway has granted it. The verification and the external address come after that,
   * so that the user does not wait for them.
   */
  async #map(found: SearchedMapper): Promise<Result<Outcome, Problem>> {
    const { context, request } = this;
    const mapping = requestMapping(found.mapper, request, context.host.signal, this.leases);
    const granted = await grantsOfAll(mapping.steps, request.protocols.length);
    const mapped = granted === null ? await mapping.result : null;
    if (mapped?.isErr() === true) return err(mapped.error);
    const announced = granted ?? mapped?.map((all) => all.map((one) => one.granted)).unwrapOr([]) ?? [];
    return ok({
      json: {},
      text: (terminal) => announced.map((one) => mappedLine(terminal, one)).join(''),
      afterwards: async () => this.#settled(found, announced, await mapping.result),
    });
  }

  /** The outcome after the verification, with the external address. */
  async #settled(
    { mapper: found, state: known, warnings }: SearchedMapper,
    announced: readonly Lease[],
    result: Mapped,
  ): Promise<Outcome> {
    if (result.isErr()) return { json: {}, text: () => '', problem: result.error };
    const { context, request, leases } = this;
    const { host } = context;
    const mapped = (this.mapped = result.value);
    const keeping = request.keep ? await import('./keep.ts') : null;
    const mapper = mapped[0]?.mapper ?? found;
    const isSameProtocol = mapper.via === found.via;
    const state = (isSameProtocol ? known : null) ?? (await mapper.readState({ signal: host.signal }));
    const { externalAddress = null } = state;
    const isInterrupted = host.signal.aborted;
    const outside = `${externalAddress ?? ''}:${mapped[0]?.granted.externalPort ?? request.port}`;
    return {
      json: {
        ...(keeping === null ? {} : { event: 'mapped' }),
        mappings: mapped.map(mappingJson),
        externalAddress,
        gateway: mapperJson(mapper),
      },
      text: (terminal) =>
        [
          ...changedSince(announced, mapped).map((one) => mappedLine(terminal, one)),
          permanence(mapped),
          externalAddress === null ? '' : `External address: ${outside}\n`,
          keeping === null ? '' : 'Press Ctrl-C to stop and unmap.\n\n',
        ].join(''),
      warnings: [
        ...choiceWarnings({ warnings }),
        ...new Set(mapped.flatMap(warningsAbout)),
        // An interrupted run did not ask for it.
        ...(externalAddress === null && !isInterrupted ? ['The router reports no external address.'] : []),
        ...(this.#journal?.writeWarnings() ?? []),
        ...(isInterrupted ? [] : warningsOf(state)),
      ],
      follow:
        keeping === null
          ? undefined
          : (show, notify) => keeping.keep(context, this.transport, request, mapped, show, notify, leases),
    };
  }
}
