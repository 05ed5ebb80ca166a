/** PCP: what a server does with messages that are no requests, or none that it knows. */
import { expectResult, isServed, type PcpClient } from '../bench/pcp-client.ts';
import { answersAnyway, changesNumber, controlMutant, RESULT, rewritesAnswers } from '../mutants/control-mutant.ts';
import { expectThat, inconclusive, notApplicable } from '../shortfall.ts';
import { bytesOf, hex } from '../wire/fields.ts';
import { ADDRESS_REQUEST } from '../wire/nat-pmp-message.ts';
import { ANNOUNCE, readPcpAnswer, resultInWords, writePcpRequest } from '../wire/pcp-message.ts';
import type { Check, Checks } from './check.ts';

const READ = { level: 'must', kind: 'read', appliesTo: ['PCP:2'] } as const satisfies Partial<Check>;

/** RFC 6887, 19.2: for private use, so that no server has it. */
const UNKNOWN_OPCODE = 100;
/** RFC 6887, 7. */
const LONGEST = 1_100;

export const PCP_BAD_MESSAGE_CHECKS: Checks = {
  'pcp/unsupported-version': {
    ...READ,
    sentence: 'The server answers a version above its own with UNSUPP_VERSION, in a version of its own.',
    clause: 'RFC 6887, 8.2 and 9',
    async *check(bench) {
      const answer = yield* (yield* bench.pcp()).ask({ opcode: ANNOUNCE, version: 3 });
      yield* expectResult(answer, 1);
      yield* expectThat(answer.version <= 2, 'version 2 at most', String(answer.version));
    },
    mutant: controlMutant(
      'the answer to version 3 is in version 3',
      changesNumber('pcp', 0, 3, ([version]) => version === 3),
    ),
  },

  'pcp/no-nat-pmp': {
    ...READ,
    sentence: 'A server without NAT-PMP answers a NAT-PMP request with UNSUPP_VERSION, in version 2.',
    clause: 'RFC 6887, 9 and appendix A',
    async *check(bench) {
      if (bench.natPmp().isOk()) return yield* notApplicable('a server without NAT-PMP', 'it has NAT-PMP');
      const { payload } = yield* (yield* bench.pcp()).send(ADDRESS_REQUEST);
      const isRefusal = payload[0] === 2 && payload[3] === 1;
      yield* expectThat(isRefusal, `version 2, result ${resultInWords(1)}`, hex(payload));
    },
    mutant: controlMutant(
      'NAT-PMP is answered with MALFORMED_REQUEST',
      changesNumber('nat-pmp', RESULT, 3, () => true),
      { protocols: ['pcp'] },
    ),
  },

  'pcp/unsupported-opcode': {
    ...READ,
    sentence: 'The server answers an unknown opcode with UNSUPP_OPCODE.',
    clause: 'RFC 6887, 8.2',
    async *check(bench) {
      const answer = yield* (yield* bench.pcp()).ask({ opcode: UNKNOWN_OPCODE });
      yield* isServed(answer);
      yield* expectResult(answer, 4);
    },
    mutant: controlMutant(
      'an unknown opcode is MALFORMED_REQUEST',
      changesNumber('pcp', RESULT, 3, ([, opcode]) => opcode === UNKNOWN_OPCODE),
    ),
  },

  'pcp/short-request': {
    ...READ,
    sentence: 'The server answers a request that is shorter than the header with MALFORMED_REQUEST.',
    clause: 'RFC 6887, 8.2',
    async *check(bench) {
      yield* isMalformed(yield* bench.pcp(), (request) => request.slice(0, 20));
    },
    mutant: controlMutant(
      'a short request is UNSUPP_OPCODE',
      changesNumber('pcp', RESULT, 4, ({ length }) => length === 20),
    ),
  },

  'pcp/odd-length': {
    ...READ,
    sentence: 'The server answers a request whose length is no multiple of 4 with MALFORMED_REQUEST, in version 2.',
    clause: 'RFC 6887, 7 and 8.2',
    async *check(bench) {
      yield* isMalformed(yield* bench.pcp(), (request) => bytesOf(request, [0, 1]));
    },
    mutant: controlMutant('an odd length is taken for NAT-PMP', undefined, {
      pcp: { answersOddLengthAsNatPmp: true },
    }),
  },

  'pcp/long-request': {
    ...READ,
    sentence: 'The server answers a request of more than 1100 bytes with MALFORMED_REQUEST, in at most 1100 bytes.',
    clause: 'RFC 6887, 7 and 8.2',
    async *check(bench) {
      yield* isMalformed(yield* bench.pcp(), (request) => bytesOf(request, new Uint8Array(LONGEST)));
    },
    mutant: controlMutant(
      'the answer is longer than a message can be',
      rewritesAnswers(
        'pcp',
        () =>
          (answer, { length }) =>
            length > LONGEST ? bytesOf(answer, new Uint8Array(4)) : answer,
      ),
    ),
  },

  'pcp/one-byte-silent': {
    ...READ,
    sentence: 'The server does not answer a single byte.',
    clause: 'RFC 6887, 8.2',
    async *check(bench) {
      const reply = yield* (yield* bench.pcp()).listenAfter(Uint8Array.of(2));
      yield* expectThat(reply === null, 'no answer', reply === null ? 'none' : hex(reply.payload));
    },
    mutant: controlMutant(
      'a single byte is answered',
      answersAnyway('pcp', ({ length }) => length === 1),
    ),
  },

  'pcp/response-silent': {
    ...READ,
    sentence: 'The server does not answer a response.',
    clause: 'RFC 6887, 8.2',
    async *check(bench) {
      const client = yield* bench.pcp();
      const response = writePcpRequest({ opcode: 128 + ANNOUNCE, client: client.address });
      const reply = yield* client.listenAfter(response);
      yield* expectThat(reply === null, 'no answer', reply === null ? 'none' : hex(reply.payload));
    },
    mutant: controlMutant(
      'a response is answered',
      answersAnyway('pcp', ([, opcode = 0]) => opcode >= 128),
    ),
  },

  'pcp/address-mismatch': {
    ...READ,
    sentence: 'The server answers a request that names another client address than its source with ADDRESS_MISMATCH.',
    clause: 'RFC 6887, 8.2',
    async *check(bench) {
      const client = yield* bench.pcp();
      // RFC 5737: no host has it.
      const answer = yield* client.ask({ opcode: ANNOUNCE, client: '192.0.2.1' });
      if (answer.result === 2) yield* inconclusive('a server that serves this host', answer.summary);
      yield* expectResult(answer, 12);
    },
    mutant: controlMutant('ANNOUNCE is not compared with its source', undefined, {
      pcp: { checksAnnounceAddress: false },
    }),
  },
};

/** A request that is changed so that it has no length of a request. */
async function* isMalformed(
  client: PcpClient,
  change: (request: Uint8Array) => Uint8Array,
): ReturnType<Check['check']> {
  const request = change(writePcpRequest({ opcode: ANNOUNCE, client: client.address }));
  const { payload } = yield* client.send(request);
  const answer = readPcpAnswer(payload);
  const isRefusal = answer !== null && answer.version === 2 && answer.result === 3 && payload.length <= LONGEST;
  const expected = `result ${resultInWords(3)} in version 2, in ${LONGEST} bytes at most`;
  yield* expectThat(isRefusal, expected, `${payload.length} bytes: ${hex(payload.slice(0, 24))}`);
}
