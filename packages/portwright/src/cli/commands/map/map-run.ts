/** One run of `map`: a try finds the router, maps the port, and reports that. `--keep` may need several tries. */
import type { PortMapping, Transport } from '@portwright/core';
import { connectionState, igdMapper, type IgdMapper } from '@portwright/core/upnp';
import { LeaseStore, type MappedPort } from '@portwright/core/mapping';
import { err, ok, ResultAsync, type Result } from '@portwright/core/result';
import type { Problem } from '../../errors/problem.ts';
import type { GatewayWithOptionalState } from '../../network/connect.ts';
import type { Outcome } from '../../output/outcome.ts';
import { choiceWarnings, gatewayJson, warningsOf } from '../../output/phrases.ts';
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
  mapper: IgdMapper | null = null;
  /** The mappings; empty before the router has granted them. */
  mapped: readonly MappedPort[] = [];
  readonly #ledger = new LeaseStore();
  #journal: Journal | null = null;

  constructor(request: MapRequest, context: Context, transport: Transport) {
    this.request = request;
    this.context = context;
    this.transport = transport;
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
      .locate(host, { ...request, timeoutMs, deadlineMs: answerLimit(request.timeoutMs) }, transport, host.signal, true)
      .mapErr((error): Problem => error)
      .andThen((found) => {
        const mapper = (this.mapper = igdMapper(found.gateway));
        return new ResultAsync(request.journal ? this.#cleanUpAndMap(found, mapper) : this.#map(found, mapper));
      });
  }

  /** Reports the clean-up after earlier runs first, whether the new mapping succeeds or fails. */
  async #cleanUpAndMap(found: GatewayWithOptionalState, mapper: IgdMapper): Promise<Result<Outcome, Problem>> {
    const { openJournal } = await import('./journal.ts');
    this.#journal ??= await openJournal(this.context.host);
    return ok({
      ...(await this.#journal.cleanUp(mapper)),
      afterwards: async () =>
        (await this.#map(found, mapper)).match(
          (outcome) => outcome,
          (problem) => ({ json: {}, text: () => '', problem }),
        ),
    });
  }

  /**
   * Reports the mapping as soon as the gateway has granted it. The verification and the external address come after that,
   * so that the user does not wait for them.
   */
  async #map(found: GatewayWithOptionalState, mapper: IgdMapper): Promise<Result<Outcome, Problem>> {
    const { context, request } = this;
    const mapping = requestMapping(mapper, request, context.host.signal, this.leases);
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
    { gateway, state: known, warnings }: GatewayWithOptionalState,
    announced: readonly PortMapping[],
    result: Mapped,
  ): Promise<Outcome> {
    if (result.isErr()) return { json: {}, text: () => '', problem: result.error };
    const { context, request, leases } = this;
    const { host } = context;
    const mapped = (this.mapped = result.value);
    const keeping = request.keep ? await import('./keep.ts') : null;
    const state = known ?? (await connectionState(gateway, { signal: host.signal }));
    const { externalAddress } = state;
    const isInterrupted = host.signal.aborted;
    const outside = `${externalAddress ?? ''}:${mapped[0]?.granted.externalPort ?? request.port}`;
    return {
      json: {
        ...(keeping === null ? {} : { event: 'mapped' }),
        mappings: mapped.map(mappingJson),
        externalAddress,
        gateway: gatewayJson(gateway),
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
          : (show, notify) => keeping.keep(context, gateway, request, mapped, show, notify, leases),
    };
  }
}
