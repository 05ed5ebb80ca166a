/** PCP: mappings, their renewal and their end (MAP over IPv4). */
import { expectResult, isServed, granted, isOpenForMappings, TCP } from '../bench/pcp-client.ts';
import {
  changesNumber,
  controlMutant,
  EXTERNAL_PORT,
  isGranted,
  isPlainMap,
  RESULT,
  rewritesAnswers,
  viewOf,
  withNumber,
} from '../mutants/control-mutant.ts';
import { expectThat, notApplicable } from '../shortfall.ts';
import { isSameAddress } from '../wire/fields.ts';
import { type MapFields, readMapAnswer } from '../wire/pcp-message.ts';
import type { Check, Checks } from './check.ts';
import { isAddress } from './vocabulary.ts';

const WRITE = { level: 'must', kind: 'write', appliesTo: ['PCP:2'] } as const satisfies Partial<Check>;

/** RFC 3692: for experiments, so that no server maps it. */
const UNKNOWN_PROTOCOL = 253;

export const PCP_MAPPING_CHECKS: Checks = {
  'pcp/map': {
    ...WRITE,
    sentence: 'MAP is answered with its nonce, protocol and internal port, and with an external address and port.',
    clause: 'RFC 6887, 11.1 and 11.3',
    async *check(bench) {
      const client = yield* bench.pcp();
      const request = client.propose();
      const answer = yield* client.tryMap(request);
      yield* isOpenForMappings(answer);
      const { externalAddress, externalPort } = yield* granted(request, answer);
      const answered = readMapAnswer(answer.body) ?? request;
      yield* expectThat(inWords(answered) === inWords(request), inWords(request), inWords(answered));
      const isUsable = externalPort > 0 && isAddress(externalAddress);
      yield* expectThat(isUsable, 'an external IPv4 address and a port', `${externalAddress} port ${externalPort}`);
    },
    mutant: controlMutant('the answer has internal port 0', changesNumber('pcp', 40, 0, isPlainMap, 2)),
  },

  'pcp/map-suggested-port': {
    ...WRITE,
    sentence: 'A free external port that the client suggests is the one that it gets.',
    clause: 'RFC 6887, 11.3',
    level: 'should',
    async *check(bench) {
      const { externalPort, request } = yield* (yield* bench.pcp()).map({ protocol: TCP });
      yield* expectThat(externalPort === request.externalPort, `port ${request.externalPort}`, `port ${externalPort}`);
    },
    mutant: controlMutant(
      'TCP gets the port after the one that was suggested',
      changesNumber(
        'pcp',
        EXTERNAL_PORT,
        (own) => own + 1,
        (request) => isPlainMap(request) && viewOf(request).protocol === TCP,
        2,
      ),
    ),
  },

  'pcp/map-both-protocols': {
    ...WRITE,
    sentence: 'TCP and UDP on one internal port are two mappings.',
    clause: 'RFC 6887, 11',
    async *check(bench) {
      const client = yield* bench.pcp();
      const { request } = yield* client.map();
      const other = client.propose({ protocol: TCP, internalPort: request.internalPort });
      yield* granted(other, yield* client.tryMap(other));
    },
    mutant: controlMutant(
      'a port has one protocol',
      rewritesAnswers('pcp', () => {
        const ports = new Map<number, number>();
        return (answer, request) => {
          const { protocol, internalPort } = viewOf(request);
          if (!isPlainMap(request) || !isGranted(answer)) return answer;
          const isOther = (ports.get(internalPort) ?? protocol) !== protocol;
          ports.set(internalPort, protocol);
          return isOther ? withNumber(answer, RESULT, 8) : answer;
        };
      }),
    ),
  },

  'pcp/map-external-address': {
    ...WRITE,
    sentence: 'An external address that is not the gateway’s is replaced by one that is.',
    clause: 'RFC 6887, 11.3',
    async *check(bench) {
      const client = yield* bench.pcp();
      const { externalAddress } = yield* client.map();
      // RFC 5737: no gateway has it.
      const other = client.propose({ externalAddress: '198.51.100.1' });
      const grant = yield* granted(other, yield* client.tryMap(other));
      const isOwn = isSameAddress(grant.externalAddress, externalAddress);
      yield* expectThat(isOwn, externalAddress, grant.externalAddress);
    },
    mutant: controlMutant(
      'the suggested external address is repeated',
      rewritesAnswers('pcp', () => (answer, request) => {
        if (!isPlainMap(request) || request[56] !== 198) return answer;
        return Uint8Array.from(answer, (byte, at) => (at >= 44 && at < 60 ? (request[at] ?? 0) : byte));
      }),
    ),
  },

  'pcp/map-own-conflict': {
    ...WRITE,
    sentence: 'A port that leads to one internal port of a client is not given to another one of it.',
    clause: 'RFC 6887, 11.3',
    async *check(bench) {
      const client = yield* bench.pcp();
      const { externalPort } = yield* client.map();
      const request = client.propose({ externalPort });
      const answer = yield* client.tryMap(request);
      if (answer.result !== 0) return;
      const grant = yield* granted(request, answer);
      yield* expectThat(grant.externalPort !== externalPort, 'another port', `port ${grant.externalPort}`);
    },
    mutant: controlMutant(
      'a client’s new mapping takes the port of its old one',
      rewritesAnswers('pcp', () => {
        const ports = new Map<number, string>();
        return (answer, request) => {
          const { key, externalPort } = viewOf(request);
          if (!isPlainMap(request) || !isGranted(answer) || request[23] !== 2) return answer;
          const holder = ports.get(externalPort) ?? key;
          ports.set(externalPort, key);
          return holder === key ? answer : withNumber(answer, EXTERNAL_PORT, externalPort, 2);
        };
      }),
    ),
  },

  'pcp/map-conflict': {
    ...WRITE,
    sentence: 'A port that another client has is not given to a second one.',
    clause: 'RFC 6887, 11.3',
    needs: ['second-client'],
    async *check(bench) {
      if (bench.second === null) return yield* notApplicable('a second client', 'none');
      const { externalPort } = yield* (yield* bench.pcp()).map();
      const other = yield* bench.pcp(bench.second);
      const request = other.propose({ externalPort });
      const answer = yield* other.tryMap(request);
      if (answer.result !== 0) return;
      const grant = yield* granted(request, answer);
      yield* expectThat(grant.externalPort !== externalPort, 'another port', `port ${grant.externalPort}`);
    },
    mutant: controlMutant(
      'each client gets the port that it suggests',
      rewritesAnswers('pcp', () => (answer, request) => {
        const isOther = isPlainMap(request) && isGranted(answer) && request[23] !== 2;
        return isOther ? withNumber(answer, EXTERNAL_PORT, viewOf(request).externalPort, 2) : answer;
      }),
    ),
  },

  'pcp/map-address-mismatch': {
    ...WRITE,
    sentence: 'The server answers MAP for another client address than its source with ADDRESS_MISMATCH.',
    clause: 'RFC 6887, 8.2 and 11.3',
    async *check(bench) {
      const client = yield* bench.pcp();
      // RFC 5737: no host has it.
      const answer = yield* client.tryMap(client.propose({ client: '192.0.2.1' }));
      if (answer.result !== 12) yield* isOpenForMappings(answer);
      yield* expectResult(answer, 12);
    },
    mutant: controlMutant(
      'it is MALFORMED_REQUEST',
      changesNumber('pcp', RESULT, 3, (request, answer) => viewOf(request).isMap && answer[RESULT] === 12),
    ),
  },

  'pcp/map-unsupported-protocol': {
    ...WRITE,
    kind: 'disruptive',
    note: 'where it is granted, it may last for two minutes: miniupnpd answers its deletion, and deletes nothing',
    sentence: 'The server answers MAP of a protocol that it can’t map with UNSUPP_PROTOCOL.',
    clause: 'RFC 6887, 11.3',
    async *check(bench) {
      const client = yield* bench.pcp();
      const answer = yield* client.tryMap(client.propose({ protocol: UNKNOWN_PROTOCOL }));
      yield* isServed(answer);
      yield* expectResult(answer, 9);
    },
    mutant: controlMutant(
      'an unknown protocol is MALFORMED_REQUEST',
      changesNumber('pcp', RESULT, 3, (request) => viewOf(request).protocol === UNKNOWN_PROTOCOL),
    ),
  },

  'pcp/map-all-protocols-port': {
    ...WRITE,
    sentence: 'The server answers MAP of all protocols on one internal port with MALFORMED_REQUEST.',
    clause: 'RFC 6887, 11.1 and 11.3',
    async *check(bench) {
      const client = yield* bench.pcp();
      const answer = yield* client.tryMap(client.propose({ protocol: 0 }));
      yield* isServed(answer);
      yield* expectResult(answer, 3);
    },
    mutant: controlMutant(
      'it is UNSUPP_PROTOCOL',
      changesNumber('pcp', RESULT, 9, (request) => {
        const { isMap, protocol, internalPort, isDeletion } = viewOf(request);
        return isMap && protocol === 0 && internalPort !== 0 && !isDeletion;
      }),
    ),
  },
};

function inWords({ nonce, protocol, internalPort }: MapFields): string {
  return `nonce ${nonce}, protocol ${protocol}, internal port ${internalPort}`;
}
