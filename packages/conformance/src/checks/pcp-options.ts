/** PCP: options of MAP, and the opcode PEER. */
import { expectResult, granted, isOpenForMappings, TCP } from '../bench/pcp-client.ts';
import {
  changesNumber,
  controlMutant,
  isGranted,
  RESULT,
  rewritesAnswers,
  viewOf,
  withNumber,
} from '../mutants/control-mutant.ts';
import { expectThat, inconclusive, notApplicable } from '../shortfall.ts';
import { addressField, bytesOf, hex } from '../wire/fields.ts';
import {
  FILTER,
  filterFields,
  PEER,
  PREFER_FAILURE,
  THIRD_PARTY,
  writeMapFields,
  writePcpOption,
  writePeerFields,
} from '../wire/pcp-message.ts';
import type { Check, Checks } from './check.ts';

const WRITE = { level: 'must', kind: 'write', appliesTo: ['PCP:2'] } as const satisfies Partial<Check>;

/** RFC 6887, 19.4: for private use, so that no server has them. */
const UNKNOWN_MANDATORY = 100;
const UNKNOWN_OPTIONAL = 230;
/** RFC 5737: no host has it. */
const ELSEWHERE = '198.51.100.1';

export const PCP_OPTION_CHECKS: Checks = {
  'pcp/option-mandatory': {
    ...WRITE,
    sentence: 'The server answers an unknown option that is mandatory to process with UNSUPP_OPTION.',
    clause: 'RFC 6887, 7.3 and 8.2',
    async *check(bench) {
      const client = yield* bench.pcp();
      const answer = yield* client.tryMap(client.propose({ options: [writePcpOption(UNKNOWN_MANDATORY)] }));
      yield* isOpenForMappings(answer);
      yield* expectResult(answer, 5);
    },
    mutant: controlMutant('it is MALFORMED_OPTION', refusesOption(UNKNOWN_MANDATORY, 6)),
  },

  'pcp/option-optional': {
    ...WRITE,
    sentence: 'The server ignores an unknown option that is optional to process, and leaves it out of the answer.',
    clause: 'RFC 6887, 7.3 and 8.2',
    async *check(bench) {
      const client = yield* bench.pcp();
      const request = client.propose({ options: [writePcpOption(UNKNOWN_OPTIONAL, Uint8Array.of(1, 2, 3, 4))] });
      const answer = yield* client.tryMap(request);
      yield* isOpenForMappings(answer);
      const { options } = yield* granted(request, answer);
      yield* expectThat(options?.length === 0, 'no option in the answer', hex(answer.body.slice(36)));
    },
    mutant: controlMutant(
      'the answer repeats the option',
      rewritesAnswers('pcp', () => (answer, request) => {
        const isMeant = viewOf(request).option === UNKNOWN_OPTIONAL && isGranted(answer);
        return isMeant ? bytesOf(answer, request.slice(60)) : answer;
      }),
    ),
  },

  'pcp/option-cut-off': {
    ...WRITE,
    sentence: 'The server answers an option that is longer than the message with MALFORMED_OPTION.',
    clause: 'RFC 6887, 7.3 and 7.4',
    async *check(bench) {
      const client = yield* bench.pcp();
      const options = [writePcpOption(UNKNOWN_OPTIONAL - 1, Uint8Array.of(1, 2, 3, 4), 40)];
      const answer = yield* client.tryMap(client.propose({ options }));
      yield* isOpenForMappings(answer);
      yield* expectResult(answer, 6);
    },
    mutant: controlMutant('it is MALFORMED_REQUEST', refusesOption(UNKNOWN_OPTIONAL - 1, 3)),
  },

  'pcp/third-party': {
    ...WRITE,
    sentence: 'The server refuses to map for another host (THIRD_PARTY).',
    clause: 'RFC 6887, 13.1: not unless the network authorizes it',
    note: 'a network may authorize this host',
    level: 'should',
    async *check(bench) {
      const client = yield* bench.pcp();
      // RFC 5737, so that nothing is opened for anybody where it is granted.
      const options = [writePcpOption(THIRD_PARTY, addressField('192.0.2.1'))];
      const request = client.propose({ options });
      const answer = yield* client.tryMap(request);
      // Nobody deletes a mapping of another host but by the same option.
      if (answer.result === 0) yield* client.tryMap({ ...request, lifetime: 0 });
      yield* expectThat(answer.result !== 0, 'a refusal', answer.summary);
    },
    mutant: controlMutant('it is granted', refusesOption(THIRD_PARTY, 0)),
  },

  'pcp/prefer-failure': {
    ...WRITE,
    sentence: 'With PREFER_FAILURE, a port that another client has is refused with CANNOT_PROVIDE_EXTERNAL.',
    clause: 'RFC 6887, 13.2',
    needs: ['second-client'],
    async *check(bench) {
      if (bench.second === null) return yield* notApplicable('a second client', 'none');
      const { externalPort } = yield* (yield* bench.pcp()).map();
      const other = yield* bench.pcp(bench.second);
      const request = other.propose({ externalPort, options: [writePcpOption(PREFER_FAILURE)] });
      yield* expectResult(yield* other.tryMap(request), 11);
    },
    mutant: controlMutant(
      'it is NO_RESOURCES',
      changesNumber('pcp', RESULT, 8, (request, answer) => !viewOf(request).isIPv6 && answer[RESULT] === 11),
    ),
  },

  'pcp/prefer-failure-granted': {
    ...WRITE,
    sentence: 'With PREFER_FAILURE, a free port is granted, and the answer has the option.',
    clause: 'RFC 6887, 7.3 and 13.2',
    async *check(bench) {
      const client = yield* bench.pcp();
      const request = client.propose({ options: [writePcpOption(PREFER_FAILURE)] });
      const answer = yield* client.tryMap(request);
      yield* isOpenForMappings(answer);
      if (answer.result === 11) yield* inconclusive('a port that is free', answer.summary);
      const { externalPort, options } = yield* granted(request, answer);
      yield* expectThat(externalPort === request.externalPort, `port ${request.externalPort}`, `port ${externalPort}`);
      const isThere = options?.some(({ code }) => code === PREFER_FAILURE) === true;
      yield* expectThat(isThere, 'PREFER_FAILURE in the answer', hex(answer.body.slice(36)) || 'no option');
    },
    mutant: controlMutant(
      'the answer has no option',
      rewritesAnswers('pcp', () => (answer, request) => {
        const { option, isIPv6 } = viewOf(request);
        return option === PREFER_FAILURE && !isIPv6 && isGranted(answer) ? answer.slice(0, 60) : answer;
      }),
    ),
  },

  'pcp/prefer-failure-length': {
    ...WRITE,
    sentence: 'The server answers a PREFER_FAILURE that has data with MALFORMED_OPTION.',
    clause: 'RFC 6887, 7.4 and 13.2',
    async *check(bench) {
      const client = yield* bench.pcp();
      const options = [writePcpOption(PREFER_FAILURE, new Uint8Array(4))];
      const answer = yield* client.tryMap(client.propose({ options }));
      yield* isOpenForMappings(answer);
      yield* expectResult(answer, 6);
    },
    mutant: controlMutant(
      'it is MALFORMED_REQUEST',
      changesNumber(
        'pcp',
        RESULT,
        3,
        (request, answer) => viewOf(request).option === PREFER_FAILURE && answer[RESULT] === 6,
      ),
    ),
  },

  'pcp/filter-malformed': {
    ...WRITE,
    sentence: 'The server answers a FILTER of more than 128 bits with MALFORMED_OPTION.',
    clause: 'RFC 6887, 7.4 and 13.3',
    async *check(bench) {
      const client = yield* bench.pcp();
      const options = [writePcpOption(FILTER, filterFields(200, ELSEWHERE))];
      const answer = yield* client.tryMap(client.propose({ options }));
      yield* isOpenForMappings(answer);
      if (answer.result === 5) return yield* notApplicable('a server with FILTER', answer.summary);
      yield* expectResult(answer, 6);
    },
    mutant: controlMutant(
      'it is MALFORMED_REQUEST',
      changesNumber('pcp', RESULT, 3, (request, answer) => viewOf(request).option === FILTER && answer[RESULT] === 6),
    ),
  },

  'pcp/peer': {
    ...WRITE,
    sentence: 'PEER is answered with the remote peer of the request, or with UNSUPP_OPCODE.',
    clause: 'RFC 6887, 8.2, 12.1 and 12.3',
    async *check(bench) {
      const client = yield* bench.pcp();
      // 12: it makes a mapping like that of an outgoing packet, which MAP then deletes.
      const { request } = yield* client.map({ protocol: TCP });
      const peer = writePeerFields(443, ELSEWHERE);
      const body = bytesOf(writeMapFields({ ...request, externalPort: 0 }), peer);
      const answer = yield* client.ask({ opcode: PEER, lifetime: request.lifetime, body });
      if (answer.result === 4) return;
      if (answer.result !== 0) yield* inconclusive('a peer that can be mapped', answer.summary);
      yield* expectThat(hex(answer.body.slice(36, 56)) === hex(peer), hex(peer), hex(answer.body.slice(36, 56)));
    },
    mutant: controlMutant(
      'PEER is answered with another peer',
      rewritesAnswers(
        'pcp',
        () =>
          (answer, [, opcode]) =>
            opcode === PEER ? withNumber(withNumber(answer, RESULT, 0), 60, 80, 2) : answer,
      ),
    ),
  },
};

/** Another result for requests with this option. */
function refusesOption(option: number, result: number): ReturnType<typeof changesNumber> {
  return changesNumber('pcp', RESULT, result, (request) => viewOf(request).option === option);
}
