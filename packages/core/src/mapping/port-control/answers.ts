/** What an answer means for the request that it answers. Pure. */
import { err, ok, type Result } from '../../result.ts';
import type { CallError } from '../../errors.ts';
import { malformed } from '../../malformed.ts';
import { lifetimeToBelieve } from './lifetimes.ts';
import type { Answer, MapRequest, PortControl } from './port-control.ts';
import { otherPortGranted } from './refusals.ts';

/** Why there is no answer. */
interface Unanswered {
  readonly error: CallError;
  readonly mayHaveArrived: boolean;
}

export type MapOutcome =
  | { readonly kind: 'granted'; readonly externalPort: number; readonly leaseSeconds: number }
  /** Another port was granted than the only one that is wanted: it has to be given back. */
  | {
      readonly kind: 'other-port';
      readonly externalPort: number;
      readonly leaseSeconds: number;
      readonly error: CallError;
    }
  | { readonly kind: 'refused'; readonly error: CallError }
  /** Nobody knows whether there is a mapping now. */
  | { readonly kind: 'lost'; readonly error: CallError };

/** @param isExact - whether another port is of no use; some servers ignore PREFER_FAILURE, and NAT-PMP has none */
export function mapOutcome(
  protocol: Pick<PortControl, 'via' | 'refusalOf'>,
  { externalPort: wanted, lifetimeSeconds }: MapRequest,
  isExact: boolean,
  answered: Result<Answer, Unanswered>,
): MapOutcome {
  if (answered.isErr()) {
    const { error, mayHaveArrived } = answered.error;
    return { kind: mayHaveArrived ? 'lost' : 'refused', error };
  }
  const answer = answered.value;
  if (answer.kind !== 'mapped') return { kind: 'refused', error: errorOf(protocol, answer) };
  const { externalPort } = answer;
  const leaseSeconds = lifetimeToBelieve(answer.lifetimeSeconds, lifetimeSeconds);
  if (externalPort === 0) return { kind: 'lost', error: malformed('response', 'a port', 'external port', '0') };
  // A lease of 0 is a permanent one everywhere else.
  if (leaseSeconds === 0) return { kind: 'refused', error: malformed('response', 'a lifetime', 'lifetime', '0') };
  if (!isExact || externalPort === wanted) return { kind: 'granted', externalPort, leaseSeconds };
  return {
    kind: 'other-port',
    externalPort,
    leaseSeconds,
    error: otherPortGranted(protocol.via, wanted, externalPort),
  };
}

/** Of several requests for one mapping, from several addresses: the outcome that counts. */
export function decisive<O extends { readonly outcome: MapOutcome }>(outcomes: readonly [O, ...O[]]): O {
  const [first] = outcomes;
  const ofKind = (kind: MapOutcome['kind']): O | undefined => outcomes.find(({ outcome }) => outcome.kind === kind);
  return ofKind('granted') ?? ofKind('other-port') ?? ofKind('lost') ?? first;
}

/** Whether a mapping is gone after the answer to its deletion. */
export function deletionOutcome(
  protocol: Pick<PortControl, 'via' | 'refusalOf' | 'isAbsent'>,
  answered: Result<Answer, Unanswered>,
): Result<'deleted' | 'absent', CallError> {
  if (answered.isErr()) return err(answered.error.error);
  const answer = answered.value;
  if (answer.kind === 'mapped') {
    const { lifetimeSeconds } = answer;
    if (lifetimeSeconds === 0) return ok('deleted');
    return err(malformed('response', 'a lifetime of 0', 'lifetime', String(lifetimeSeconds)));
  }
  if (answer.kind === 'refused' && protocol.isAbsent(answer.resultCode)) return ok('absent');
  return err(errorOf(protocol, answer));
}

function errorOf(
  { refusalOf }: Pick<PortControl, 'refusalOf'>,
  answer: Exclude<Answer, { readonly kind: 'mapped' }>,
): CallError {
  if (answer.kind === 'refused') return refusalOf(answer.resultCode, answer.lifetimeSeconds);
  if (answer.kind === 'other-version') return refusalOf(1, 0);
  return malformed('response', 'an answer to a request for a mapping', 'opcode', 'another one');
}
