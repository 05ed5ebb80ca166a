import type { GatewayConfig } from './gateway-options.ts';
import { MappingTable } from './mapping-table.ts';

/** The states that this gateway takes; Connecting and Disconnecting, which are optional, it passes in no time. */
export type ConnectionStatus = 'Unconfigured' | 'Connected' | 'PendingDisconnect' | 'Disconnected';

/**
 * An instance of WANIPConnection or WANPPPConnection: one connection to the provider, with its NAT. Its times are
 * looked at when something is asked, and need no timer (WANIPConnection:2, 2.6).
 */
export class WanConnection {
  readonly mappings: MappingTable;
  readonly #now: () => number;
  #status: ConnectionStatus;
  /** When the connection last came up. */
  #connectedAt: number;
  /** Milliseconds for which earlier connections were up. */
  #earlierUpMs = 0;
  /** When PendingDisconnect becomes Disconnected. */
  #disconnectsAt = Infinity;
  #lastError = 'ERROR_NONE';
  /** What the provider gave us; shown only while it is in use. */
  #address: string;
  /** Whether the line carries a signal. */
  #isLineUp: boolean;
  connectionType: string;
  isNatEnabled: boolean;
  /** Seconds after which the connection ends; 0: never. */
  autoDisconnectTime = 0;
  /** Kept and told; no traffic is simulated that could fail to come, so nothing is ever idle. */
  idleDisconnectTime = 0;
  /** Seconds spent in PendingDisconnect. */
  warnDisconnectDelay = 0;
  userName = '';

  constructor(
    config: Pick<GatewayConfig, 'isNatEnabled' | 'externalAddress' | 'isWanUp'>,
    connectionType: string,
    now: () => number,
  ) {
    this.#now = now;
    this.mappings = new MappingTable(now);
    this.connectionType = connectionType;
    this.isNatEnabled = config.isNatEnabled;
    this.#address = config.externalAddress;
    this.#isLineUp = config.isWanUp;
    this.#status = config.isWanUp ? 'Connected' : 'Disconnected';
    this.#lastError = config.isWanUp ? 'ERROR_NONE' : 'ERROR_NO_CARRIER';
    this.#connectedAt = now();
  }

  get status(): ConnectionStatus {
    this.#settle();
    return this.#status;
  }

  get lastError(): string {
    this.#settle();
    return this.#lastError;
  }

  /** Packets flow: also in the time of grace before a disconnection (2.3.5.4). */
  get isUp(): boolean {
    return this.status === 'Connected' || this.status === 'PendingDisconnect';
  }

  /** Seconds since the connection came up; 0 while there is none (2.4.6). */
  get uptime(): number {
    return this.isUp ? Math.floor((this.#now() - this.#connectedAt) / 1000) : 0;
  }

  /** Seconds for which there has been a connection, in all: what the traffic counters grow by. */
  get totalUpSeconds(): number {
    const current = this.isUp ? this.#now() - this.#connectedAt : 0;
    return (this.#earlierUpMs + current) / 1000;
  }

  /** 2.3.13: "When the external IP address could not be retrieved ... MUST be equal to the empty string." */
  get externalAddress(): string {
    return this.isUp ? this.#address : '';
  }

  set externalAddress(address: string) {
    this.#address = address;
  }

  get isLineUp(): boolean {
    return this.#isLineUp;
  }

  /** When a lease, or the connection itself, may next end by the clock alone; Infinity: never. */
  get nextChange(): number {
    const { status } = this;
    const isTimed = status === 'Connected' && this.autoDisconnectTime > 0;
    const end = isTimed ? this.#connectedAt + this.autoDisconnectTime * 1000 : this.#disconnectsAt;
    return Math.min(end, this.mappings.nextExpiry);
  }

  /** Pulls the cable, or plugs it in: a connection that is always on comes back by itself (2.6.1). */
  setLine(isUp: boolean): void {
    this.#settle();
    if (isUp === this.#isLineUp) return;
    this.#isLineUp = isUp;
    if (this.#status === 'Unconfigured') return;
    if (isUp) this.connect();
    else this.#end('ERROR_NO_CARRIER');
  }

  /** False when the line carries no signal. */
  connect(): boolean {
    this.#settle();
    if (!this.#isLineUp) {
      this.#lastError = 'ERROR_NO_CARRIER';
      return false;
    }
    if (this.#status !== 'Connected' && this.#status !== 'PendingDisconnect') this.#connectedAt = this.#now();
    this.#status = 'Connected';
    this.#disconnectsAt = Infinity;
    this.#lastError = 'ERROR_NONE';
    return true;
  }

  /** At once, or after WarnDisconnectDelay. */
  disconnect(reason: 'ERROR_USER_DISCONNECT' | 'ERROR_FORCED_DISCONNECT' | 'ERROR_NOT_ENABLED_FOR_INTERNET'): void {
    this.#settle();
    if (reason === 'ERROR_USER_DISCONNECT') this.#warnOrEnd(this.#now(), reason);
    else this.#end(reason);
  }

  configure(): void {
    if (this.#status === 'Unconfigured') this.#status = 'Disconnected';
  }

  unconfigure(): void {
    this.#status = 'Unconfigured';
  }

  /** Lets what was to happen by now happen. */
  #settle(): void {
    if (this.#status === 'Connected' && this.autoDisconnectTime > 0) {
      const due = this.#connectedAt + this.autoDisconnectTime * 1000;
      if (this.#now() >= due) this.#warnOrEnd(due, 'ERROR_NONE');
    }
    const due = this.#disconnectsAt;
    if (this.#status === 'PendingDisconnect' && this.#now() >= due) this.#end(this.#lastError, due);
  }

  #warnOrEnd(since: number, reason: string): void {
    if (this.warnDisconnectDelay === 0) {
      this.#end(reason, since);
      return;
    }
    this.#status = 'PendingDisconnect';
    this.#disconnectsAt = since + this.warnDisconnectDelay * 1000;
    this.#lastError = reason;
  }

  #end(reason: string, at: number = this.#now()): void {
    if (this.#status === 'Connected' || this.#status === 'PendingDisconnect')
      this.#earlierUpMs += at - this.#connectedAt;
    this.#status = 'Disconnected';
    this.#disconnectsAt = Infinity;
    this.#lastError = reason;
  }
}
