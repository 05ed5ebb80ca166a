/** NAT-PMP: the format of requests and responses, and what a server does when it starts. These checks map nothing. */
import { CONTROL_PORT, exchange } from '../bench/control-exchange.ts';
import { expectNatPmpResult, type NatPmpClient } from '../bench/nat-pmp-client.ts';
import { announcedAtRestart, type AskEpoch, EPOCH_MARGIN_S, epochAtRestart } from '../bench/restart.ts';
import {
  answersAnyway,
  answersFromPort,
  answersOutside,
  changesNumber,
  controlMutant,
  epochGoesOn,
  rewritesAnswers,
} from '../mutants/control-mutant.ts';
import { leavesOut } from '../mutants/mutant.ts';
import { expectThat, inconclusive, notApplicable } from '../shortfall.ts';
import { hex } from '../wire/fields.ts';
import { ADDRESS_REQUEST, readNatPmpAnswer } from '../wire/nat-pmp-message.ts';
import type { Check, Checks } from './check.ts';
import { isAddress } from './vocabulary.ts';

const READ = { level: 'must', kind: 'read', appliesTo: ['NAT-PMP:0'] } as const satisfies Partial<Check>;
const RESTART = { ...READ, kind: 'disruptive', needs: ['reboot'] } as const satisfies Partial<Check>;

/** No opcode of version 0. */
const UNKNOWN_OPCODE = 99;
/** Seconds between two looks at the epoch. */
const PAUSE_S = 3;
/** Offset in answers. */
const EPOCH = 4;

export const NAT_PMP_MESSAGE_CHECKS: Checks = {
  'nat-pmp/external-address': {
    ...READ,
    sentence: 'The server answers the request for the external address with success, and an IPv4 address in 12 bytes.',
    clause: 'RFC 6886, 3.2',
    async *check(bench) {
      const answer = yield* (yield* bench.natPmp()).ask(ADDRESS_REQUEST);
      if ([2, 3].includes(answer.result)) yield* inconclusive('a gateway with an external address', answer.summary);
      yield* expectNatPmpResult(answer, 0);
      const isWhole = answer.payload.length === 12 && isAddress(answer.address);
      yield* expectThat(isWhole, 'an IPv4 address in 12 bytes', `${answer.address} in ${answer.payload.length} bytes`);
    },
    mutant: controlMutant(
      'the answer has 16 bytes',
      rewritesAnswers(
        'nat-pmp',
        () => (answer, request) =>
          request.length === 2 && answer.length === 12
            ? Uint8Array.from({ length: 16 }, (_, at) => answer[at] ?? 0)
            : answer,
      ),
    ),
  },

  'nat-pmp/response-header': {
    ...READ,
    sentence: 'An answer has version 0, and the opcode of the request with 128 added.',
    clause: 'RFC 6886, 3.2 and 3.5',
    async *check(bench) {
      const { version, opcode } = yield* (yield* bench.natPmp()).ask(ADDRESS_REQUEST);
      yield* expectThat(
        version === 0 && opcode === 128,
        'version 0, opcode 128',
        `version ${version}, opcode ${opcode}`,
      );
    },
    mutant: controlMutant(
      'the answer has the opcode of the request',
      changesNumber('nat-pmp', 1, 0, ([, opcode]) => opcode === 0),
    ),
  },

  'nat-pmp/response-source': {
    ...READ,
    sentence: 'An answer comes from the address and the port that the request was sent to.',
    clause: 'RFC 6886, 3.1 and 3.2',
    async *check(bench) {
      const { from } = yield* (yield* bench.natPmp()).send(ADDRESS_REQUEST);
      const { host } = bench.subject;
      const isSame = from.address === host && from.port === CONTROL_PORT;
      yield* expectThat(isSame, `${host} port ${CONTROL_PORT}`, `${from.address} port ${from.port}`);
    },
    mutant: controlMutant('answers come from port 5352', answersFromPort('nat-pmp', 5_352)),
  },

  'nat-pmp/epoch-counts': {
    ...READ,
    sentence: 'The seconds since the start of the epoch grow by one each second.',
    clause: 'RFC 6886, 3.2.1 and 3.6',
    async *check(bench) {
      const client = yield* bench.natPmp();
      const times: (readonly [at: number, epoch: number])[] = [];
      for (const pause of [0, PAUSE_S]) {
        await bench.sleep(pause * 1_000);
        const { epoch, summary } = yield* client.ask(ADDRESS_REQUEST);
        if (epoch === null) return yield* expectThat(false, 'an answer with an epoch', summary);
        times.push([bench.clock.now() / 1_000, epoch]);
      }
      const [[began, first] = [0, 0], [ended, last] = [0, 0]] = times;
      const passed = Math.round(ended - began);
      const grown = last - first;
      yield* expectThat(Math.abs(grown - passed) <= 1, `${passed} more after ${passed} seconds`, `${grown} more`);
    },
    mutant: controlMutant(
      'the epoch is twice as fast',
      changesNumber(
        'nat-pmp',
        EPOCH,
        (own) => 2 * own,
        () => true,
        4,
      ),
    ),
  },

  'nat-pmp/unsupported-opcode': {
    ...READ,
    sentence: 'The server answers an unknown opcode with result 5, and 128 added to the opcode.',
    clause: 'RFC 6886, 3.5',
    async *check(bench) {
      const answer = yield* (yield* bench.natPmp()).ask(Uint8Array.of(0, UNKNOWN_OPCODE, 0, 0));
      yield* expectNatPmpResult(answer, 5);
      yield* expectThat(answer.opcode === 128 + UNKNOWN_OPCODE, String(128 + UNKNOWN_OPCODE), String(answer.opcode));
    },
    mutant: controlMutant(
      'an unknown opcode is not authorized',
      changesNumber('nat-pmp', 3, 2, ([, opcode]) => opcode === UNKNOWN_OPCODE),
    ),
  },

  'nat-pmp/unsupported-version': {
    ...READ,
    sentence: 'A server without PCP answers another version with result 1, in version 0.',
    clause: 'RFC 6886, 3.5; RFC 6887, appendix A',
    async *check(bench) {
      if (bench.pcp().isOk()) return yield* notApplicable('a server without PCP', 'it has PCP');
      const answer = yield* (yield* bench.natPmp()).ask(Uint8Array.of(3, 0, 0, 0));
      yield* expectNatPmpResult(answer, 1);
      yield* expectThat(answer.version === 0, 'version 0', `version ${answer.version}`);
    },
    mutant: controlMutant(
      'version 3 is answered with 5',
      changesNumber('pcp', 3, 5, ([version]) => version === 3),
      {
        protocols: ['nat-pmp'],
      },
    ),
  },

  'nat-pmp/response-silent': {
    ...READ,
    sentence: 'The server does not answer a response.',
    clause: 'RFC 6886, 3.5',
    async *check(bench) {
      const reply = yield* (yield* bench.natPmp()).listenAfter(Uint8Array.of(0, 128, 0, 0, 0, 0, 0, 0));
      yield* expectThat(reply === null, 'no answer', reply === null ? 'none' : hex(reply.payload));
    },
    mutant: controlMutant(
      'a response is answered',
      answersAnyway('nat-pmp', ([, opcode = 0]) => opcode >= 128),
    ),
  },

  'nat-pmp/wan-silent': {
    ...READ,
    sentence: 'The server does not answer a request from the WAN side.',
    clause: 'RFC 6886, 3.3',
    needs: ['wan-host'],
    async *check(bench) {
      const { wanHost, subject } = bench;
      if (wanHost === null) return yield* notApplicable('a host on the WAN side', 'there is no such host');
      const { address: server } = yield* (yield* bench.natPmp()).ask(ADDRESS_REQUEST);
      const isOutside = isAddress(server) && server !== subject.host;
      if (!isOutside) yield* inconclusive('an external address to ask at', server);
      const reply = yield* exchange({ transport: wanHost, family: 'ipv4', server }, ADDRESS_REQUEST, undefined, 2_000);
      const seen = reply === null ? 'none' : hex(reply.payload);
      yield* expectThat(reply === null, `no answer from ${server} port ${CONTROL_PORT}`, seen);
    },
    mutant: controlMutant('requests from the WAN are answered', answersOutside(0)),
  },

  'nat-pmp/announcement': {
    ...RESTART,
    sentence: 'After a restart the server multicasts its external address and a small epoch to 224.0.0.1 port 5350.',
    clause: 'RFC 6886, 3.2.1',
    async *check(bench) {
      const ask = epochOf(yield* bench.natPmp());
      const heard = yield* await announcedAtRestart(bench, ask, ([version]) => version === 0);
      if (heard === null) return yield* expectThat(false, 'an announcement after a restart', 'none');
      const answer = readNatPmpAnswer(heard.payload);
      const isAnnouncement = answer?.opcode === 128 && answer.payload.length === 12;
      yield* expectThat(isAnnouncement, '12 bytes with opcode 128', hex(heard.payload));
      const latest = heard.seconds + EPOCH_MARGIN_S;
      const epoch = answer?.epoch ?? 0;
      yield* expectThat(epoch <= latest, `an epoch of at most ${Math.floor(latest)}`, String(epoch));
    },
    mutant: controlMutant('NAT-PMP is not announced', leavesOut('nat-pmp')),
  },

  'nat-pmp/epoch-restart': {
    ...RESTART,
    sentence: 'After a restart the epoch begins again.',
    clause: 'RFC 6886, 3.6',
    async *check(bench) {
      const client = yield* bench.natPmp();
      const { before, after, seconds } = yield* await epochAtRestart(bench, epochOf(client));
      const latest = Math.floor(seconds + EPOCH_MARGIN_S);
      yield* expectThat(after <= latest, `at most ${latest}, after ${before} before the restart`, String(after));
    },
    mutant: controlMutant('the epoch goes on', epochGoesOn('nat-pmp', EPOCH)),
  },
};

function epochOf(client: NatPmpClient): AskEpoch {
  return async () => {
    const answer = await client.ask(ADDRESS_REQUEST);
    return answer.isOk() ? answer.value.epoch : null;
  };
}
