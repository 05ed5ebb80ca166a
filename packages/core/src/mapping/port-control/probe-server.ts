/** Asks a router whether it has a PCP or NAT-PMP server. */
import { err, ok, type Result } from '../../result.ts';
import { aborted } from '../../abort.ts';
import type { CallError } from '../../errors.ts';
import type { AbortSignalLike, Transport } from '../../ports.ts';
import { askQuestion } from './connection.ts';
import { connectionTo, controlMapper, type FoundControlMapper } from './control-mapper.ts';
import type { ControlServer, PortControl } from './port-control.ts';

export interface ProbeOptions {
  readonly signal?: AbortSignalLike | undefined;
}

/** A router that cannot be used by a protocol. */
export interface NoServer {
  /**
   * `silent`: no answer in 1.75 s; `refused`: its system says that no program listens; `other-version`: it speaks another
   * version of the protocol; `not-authorized`: it lets this device open no ports; `unreachable`: nothing could be sent.
   */
  readonly reason: 'silent' | 'refused' | 'other-version' | 'not-authorized' | 'unreachable' | 'aborted';
  /** The version that it speaks: 0 is NAT-PMP, 2 is PCP. With `other-version` only. */
  readonly version?: number | undefined;
  readonly error: CallError;
}

/**
 * Asks once, in three transmissions at most. That it answers does not mean that it grants ports: behind a private address
 * miniupnpd answers, and refuses each mapping. To map for a test would leave mappings, and entries in logs.
 */
export async function probeServer(
  protocol: PortControl,
  transport: Transport,
  server: ControlServer,
  { signal }: ProbeOptions = {},
): Promise<Result<FoundControlMapper, NoServer>> {
  if (signal?.aborted === true) return err({ reason: 'aborted', error: aborted('the search') });
  const connection = connectionTo(transport, server, protocol);
  const answered = await askQuestion(connection, 'discovery', { signal });
  if (answered.isErr()) return err({ reason: reasonOf(answered.error.error), error: answered.error.error });
  const answer = answered.value;
  if (answer.kind === 'other-version') {
    return err({ reason: 'other-version', version: answer.version, error: protocol.refusalOf(1, 0) });
  }
  const mapper = controlMapper(connection);
  if (answer.kind !== 'refused') return ok({ mapper, state: mapper.state });
  const error = protocol.refusalOf(answer.resultCode, answer.lifetimeSeconds);
  // A FRITZ!Box whose settings forbid it to this device (tailscale#1525). Other refusals are of the question alone.
  return error.code === 'not-authorized' || error.code === 'unsupported-version'
    ? err({ reason: error.code === 'not-authorized' ? error.code : 'other-version', error })
    : ok({ mapper, state: null });
}

function reasonOf({ kind, code }: CallError): NoServer['reason'] {
  if (kind !== 'transport') return 'unreachable';
  return code === 'timeout' ? 'silent' : code === 'refused' || code === 'aborted' ? code : 'unreachable';
}
