/** What a mapper knows of its server from the answers up to now: its run, its address, what it refuses. */
import { classifyAddress } from '../../addresses/address-class.ts';
import type { RefusalError } from '../../errors.ts';
import type { EpochReading } from '../../pcp/epoch.ts';
import { EventStream } from '../internal/event-stream.ts';
import type { RandomPort } from '../../ports.ts';
import type { GatewayState } from '../port-mapper.ts';
import type { Answer, PortControl } from './port-control.ts';

/** What an answer shows besides itself. */
export type ServerChange =
  { readonly kind: 'restarted' } | { readonly kind: 'externalAddress'; readonly state: GatewayState };

/** Refusals that are remembered; of more, the oldest go. */
const MAX_REFUSALS = 64;

export class ServerState {
  readonly changes: EventStream<ServerChange> = new EventStream<ServerChange>();
  readonly #protocol: Pick<PortControl, 'isSameRun'>;
  readonly #refusals = new Map<string, { readonly error: RefusalError; readonly until: number }>();
  #epoch: EpochReading | null = null;
  #state: GatewayState | null = null;
  /** The external address that was told in this run. */
  #addressNow: string | null = null;

  readonly #firstRun: number;
  #run: number;

  constructor(protocol: Pick<PortControl, 'isSameRun'>, random: RandomPort) {
    this.#protocol = protocol;
    this.#firstRun = Math.floor(random.fraction() * 2 ** 32) * 2 ** 16;
    this.#run = this.#firstRun;
  }

  /** Another number after each loss of the server's mappings. */
  get run(): number {
    return this.#run;
  }

  /** Whether the server has lost its mappings since a run; false for a run that another mapper knew. */
  hasLost(run: number): boolean {
    return run >= this.#firstRun && run < this.#run;
  }

  /** What the server has told; null: nothing yet. */
  get state(): GatewayState | null {
    return this.#state;
  }

  /** The address to suggest; null: any. After a restart it may be another one (RFC 6887, 13.2 refuses that). */
  get suggestedAddress(): string | null {
    return this.#addressNow;
  }

  hear(answer: Answer, now: number): void {
    if (answer.kind === 'other-version') return;
    const { epochSeconds } = answer;
    if (epochSeconds !== null) this.#hearEpoch({ epochSeconds, atMs: now });
    if (answer.kind !== 'refused' && answer.externalAddress !== undefined) this.#hearAddress(answer.externalAddress);
  }

  #hearEpoch(reading: EpochReading): void {
    const before = this.#epoch;
    this.#epoch = reading;
    if (before === null || this.#protocol.isSameRun(before, reading)) return;
    this.#run += 1;
    this.#addressNow = null;
    this.#refusals.clear();
    this.changes.emit({ kind: 'restarted' });
  }

  #hearAddress(address: string | null): void {
    const before = this.#state;
    this.#addressNow = address;
    if (before !== null && before.externalAddress === address) return;
    this.#state = { externalAddress: address, externalAddressClass: classifyAddress(address ?? '') };
    if (before !== null) this.changes.emit({ kind: 'externalAddress', state: this.#state });
  }

  /**
   * The refusal of the same request, as long as the server will go on refusing it (RFC 6887, 7.4).
   *
   * @param request - the same text for the same request
   */
  refusalFor(request: string, now: number): RefusalError | null {
    const known = this.#refusals.get(request);
    return known !== undefined && known.until > now ? known.error : null;
  }

  noteRefusal(request: string, error: RefusalError, now: number): void {
    this.#refusals.delete(request);
    const [oldest] = this.#refusals.keys();
    if (this.#refusals.size >= MAX_REFUSALS && oldest !== undefined) this.#refusals.delete(oldest);
    this.#refusals.set(request, { error, until: now + error.retryInSeconds * 1000 });
  }

  /** What the server refused may be granted now, such as the same pinhole after its deletion. */
  forgetRefusals(): void {
    this.#refusals.clear();
  }
}
