import { err, ok, type Result, type ResultAsync } from '@portwright/core/result';
import { inconclusive, missed, type Shortfall } from '../shortfall.ts';
import { hex } from '../wire/fields.ts';
import {
  ADDRESS_REQUEST,
  type NatPmpAnswer,
  type NatPmpMapping,
  natPmpResultInWords,
  readNatPmpAnswer,
  writeNatPmpMapping,
} from '../wire/nat-pmp-message.ts';
import { type ControlReply, exchange, silence } from './control-exchange.ts';
import { type ControlClientOptions, LEASE } from './port-control.ts';

/** One client of a NAT-PMP server. Whatever it maps is deleted when the check is over. */
export interface NatPmpClient {
  /** Sends bytes as they are. Misses where nothing comes back. */
  send(payload: Uint8Array): ResultAsync<ControlReply, Shortfall>;
  /** What comes back for bytes that are to be ignored; null: nothing. */
  listenAfter(payload: Uint8Array): ResultAsync<ControlReply | null, Shortfall>;
  /** Misses where no NAT-PMP message comes back. */
  ask(payload: Uint8Array): ResultAsync<NatPmpAnswer, Shortfall>;
  /** A mapping to this client on a port of its own, the same inside and outside; but for the changes. */
  propose(changes?: Partial<NatPmpMapping>): NatPmpMapping;
  /** Asks for a mapping, and gives the answer as it is. */
  tryMap(mapping: NatPmpMapping): ResultAsync<NatPmpAnswer, Shortfall>;
  /** Makes a mapping that a check builds on: without it, the check is inconclusive. */
  map(changes?: Partial<NatPmpMapping>): ResultAsync<NatPmpMapping, Shortfall>;
}

export function natPmpClient({ endpoint, ports, undoing, signal }: ControlClientOptions): NatPmpClient {
  const { clock } = endpoint.transport;
  const send: NatPmpClient['send'] = (payload) =>
    exchange(endpoint, payload, signal()).andThen((reply) =>
      reply === null ? missed(`an answer from ${endpoint.server}`, 'none') : ok(reply),
    );
  const ask: NatPmpClient['ask'] = (payload) =>
    send(payload).andThen((reply) => {
      const answer = readNatPmpAnswer(reply.payload);
      return answer === null ? missed('an answer of at least 4 bytes', hex(reply.payload)) : ok(answer);
    });
  const propose: NatPmpClient['propose'] = (changes = {}) => {
    const port = changes.internalPort ?? ports.next();
    return { protocol: 'UDP', internalPort: port, externalPort: port, lifetime: LEASE, ...changes };
  };
  const tryMap: NatPmpClient['tryMap'] = (mapping) => {
    const forget = mapping.lifetime === 0 ? null : remember(mapping);
    return ask(writeNatPmpMapping(mapping)).andTee(({ result }) => {
      if (result !== 0) forget?.();
    });
  };
  /** Remembered before it is asked for: the mapping may be there although the answer got lost. */
  const remember = (mapping: NatPmpMapping): (() => void) => {
    const { protocol, internalPort, lifetime } = mapping;
    const end = clock.now() + lifetime * 1_000;
    const what = `a NAT-PMP mapping of ${protocol}, internal port ${internalPort} of ${endpoint.client}`;
    const undo = async (): Promise<boolean> => {
      const deleted = await tryMap({ ...mapping, externalPort: 0, lifetime: 0 });
      return deleted.isOk() && deleted.value.result === 0;
    };
    return undoing.add(what, undo, () => end);
  };
  return {
    send,
    listenAfter: (payload) => silence(endpoint, payload, ADDRESS_REQUEST, signal()),
    ask,
    propose,
    tryMap,
    map: (changes) => {
      const wanted = propose(changes);
      return tryMap(wanted)
        .andThen((answer) => grantedByNatPmp(wanted, answer))
        .mapErr((shortfall) => ({ ...shortfall, kind: 'inconclusive' }));
    },
  };
}

/** What was granted; misses where nothing was. */
export function grantedByNatPmp(wanted: NatPmpMapping, answer: NatPmpAnswer): Result<NatPmpMapping, Shortfall> {
  if (answer.result !== 0) return missed(`a mapping of port ${wanted.internalPort}`, answer.summary);
  const { externalPort, lifetime } = answer;
  return answer.payload.length < 16
    ? missed('an answer of 16 bytes', `${answer.payload.length} bytes`)
    : ok({ ...wanted, externalPort, lifetime });
}

/** Misses unless the answer has this result. */
export function expectNatPmpResult(answer: NatPmpAnswer, code: number): Result<void, Shortfall> {
  return answer.result === code
    ? ok(undefined)
    : err({ kind: 'missed', expected: `result ${natPmpResultInWords(code)}`, actual: answer.summary });
}

/** Not authorized, network failure, out of resources. */
const CLOSED: readonly number[] = [2, 3, 4];

/** Says nothing of a gateway whose owner, or whose connection, allows no mapping now. */
export function isOpenForNatPmp({ result, summary }: NatPmpAnswer): Result<void, Shortfall> {
  return CLOSED.includes(result) ? inconclusive('a gateway that can map a port now', summary) : ok(undefined);
}
