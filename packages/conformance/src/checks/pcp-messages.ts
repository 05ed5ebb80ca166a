/** PCP: the format of requests and responses. These checks map nothing. */
import { CONTROL_PORT } from '../bench/control-exchange.ts';
import { expectResult, isServed } from '../bench/pcp-client.ts';
import {
  answersFromPort,
  changesNumber,
  controlMutant,
  EPOCH,
  isAnnounce,
  isGranted,
  RESULT,
  rewritesAnswers,
} from '../mutants/control-mutant.ts';
import { expectThat, given, inconclusive } from '../shortfall.ts';
import { hex, isZero } from '../wire/fields.ts';
import { ANNOUNCE, writePcpRequest } from '../wire/pcp-message.ts';
import type { Check, Checks } from './check.ts';

const READ = { level: 'must', kind: 'read', appliesTo: ['PCP:2'] } as const satisfies Partial<Check>;

/** RFC 6887, 19.2: for private use, so that no server has it. */
const UNKNOWN_OPCODE = 100;
/** Seconds between two looks at the epoch. */
const PAUSE_S = 3;

export const PCP_MESSAGE_CHECKS: Checks = {
  'pcp/announce': {
    ...READ,
    sentence: 'The server answers ANNOUNCE with SUCCESS.',
    clause: 'RFC 6887, 14.1',
    async *check(bench) {
      const answer = yield* (yield* bench.pcp()).ask({ opcode: ANNOUNCE });
      yield* isServed(answer);
      yield* expectResult(answer, 0);
    },
    mutant: controlMutant(
      'ANNOUNCE is answered with NO_RESOURCES',
      changesNumber('pcp', RESULT, 8, (request, answer) => isAnnounce(request) && isGranted(answer)),
    ),
  },

  'pcp/response-header': {
    ...READ,
    sentence: 'An answer has version 2, the R bit, and the opcode of the request.',
    clause: 'RFC 6887, 7.2',
    async *check(bench) {
      const { version, isResponse, opcode } = yield* (yield* bench.pcp()).ask({ opcode: ANNOUNCE });
      const seen = `version ${version}, opcode ${opcode}, ${isResponse ? 'a response' : 'a request'}`;
      yield* expectThat(version === 2 && isResponse && opcode === ANNOUNCE, 'version 2, opcode 0, a response', seen);
    },
    mutant: controlMutant('ANNOUNCE is answered without the R bit', changesNumber('pcp', 1, 0, isAnnounce)),
  },

  'pcp/reserved-zero': {
    ...READ,
    sentence: 'The reserved bits of a success are zero.',
    clause: 'RFC 6887, 7.2',
    async *check(bench) {
      const { result, reserved, tail, summary } = yield* (yield* bench.pcp()).ask({ opcode: ANNOUNCE });
      if (result !== 0) yield* inconclusive('a success', summary);
      yield* expectThat(reserved === 0 && isZero(tail), 'zeros', `${reserved} and ${hex(tail)}`);
    },
    mutant: controlMutant('a reserved byte is 1', changesNumber('pcp', 2, 1, isAnnounce)),
  },

  'pcp/response-source': {
    ...READ,
    sentence: 'An answer comes from the address and the port that the request was sent to.',
    clause: 'RFC 6887, 8.2 and 8.3',
    async *check(bench) {
      const client = yield* bench.pcp();
      const { from } = yield* client.send(writePcpRequest({ opcode: ANNOUNCE, client: client.address }));
      const { host } = bench.subject;
      const isSame = from.address === host && from.port === CONTROL_PORT;
      yield* expectThat(isSame, `${host} port ${CONTROL_PORT}`, `${from.address} port ${from.port}`);
    },
    mutant: controlMutant('answers come from port 5352', answersFromPort('pcp', 5_352)),
  },

  'pcp/epoch-counts': {
    ...READ,
    sentence: 'The epoch time grows by one each second.',
    clause: 'RFC 6887, 8.5',
    async *check(bench) {
      const client = yield* bench.pcp();
      const times: (readonly [at: number, epoch: number])[] = [];
      for (const pause of [0, PAUSE_S]) {
        await bench.sleep(pause * 1_000);
        const { epoch } = yield* client.ask({ opcode: ANNOUNCE });
        times.push([bench.clock.now() / 1_000, epoch]);
      }
      const [[began, first] = [0, 0], [ended, last] = [0, 0]] = times;
      const passed = Math.round(ended - began);
      const grown = last - first;
      yield* expectThat(Math.abs(grown - passed) <= 1, `${passed} more after ${passed} seconds`, `${grown} more`);
    },
    mutant: controlMutant(
      'the epoch time is twice as fast',
      changesNumber(
        'pcp',
        EPOCH,
        (own) => 2 * own,
        () => true,
        4,
      ),
    ),
  },

  'pcp/epoch-in-errors': {
    ...READ,
    sentence: 'An error has the same epoch time as a success.',
    clause: 'RFC 6887, 7.2 and 8.5',
    async *check(bench) {
      const client = yield* bench.pcp();
      const { epoch: before } = yield* given(client.ask({ opcode: ANNOUNCE }));
      const { epoch, result, summary } = yield* client.ask({ opcode: UNKNOWN_OPCODE });
      if (result === 0) yield* inconclusive('an error', summary);
      const isNear = epoch - before >= 0 && epoch - before <= 10;
      yield* expectThat(isNear, `about ${before}`, String(epoch));
    },
    mutant: controlMutant(
      'errors have another epoch time',
      changesNumber(
        'pcp',
        EPOCH,
        (own) => own + 1_000,
        ([, opcode]) => opcode === UNKNOWN_OPCODE,
        4,
      ),
    ),
  },

  'pcp/error-lifetime': {
    ...READ,
    sentence: 'An error has a lifetime, for which the client need not ask again.',
    clause: 'RFC 6887, 7.2 and 7.4: 30 seconds or 30 minutes',
    level: 'should',
    async *check(bench) {
      const { result, lifetime, summary } = yield* (yield* bench.pcp()).ask({ opcode: UNKNOWN_OPCODE });
      if (result === 0) yield* inconclusive('an error', summary);
      yield* expectThat(lifetime > 0, 'a lifetime above 0', String(lifetime));
    },
    mutant: controlMutant('errors last for 0 seconds', undefined, { pcp: { errorSeconds: { 4: 0 } } }),
  },

  'pcp/error-copies-request': {
    ...READ,
    sentence: 'An error repeats the data of the request.',
    clause: 'RFC 6887, 8.2',
    async *check(bench) {
      const body = Uint8Array.of(1, 2, 3, 4, 5, 6, 7, 8);
      const answer = yield* (yield* bench.pcp()).ask({ opcode: UNKNOWN_OPCODE, body });
      if (answer.result === 0) yield* inconclusive('an error', answer.summary);
      yield* expectThat(hex(answer.body) === hex(body), hex(body), hex(answer.body));
    },
    mutant: controlMutant(
      'an error repeats nothing',
      rewritesAnswers(
        'pcp',
        () =>
          (answer, [, opcode]) =>
            opcode === UNKNOWN_OPCODE ? answer.slice(0, 24) : answer,
      ),
    ),
  },
};
