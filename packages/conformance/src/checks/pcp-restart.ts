/** PCP: what a server does when it starts, and what it does for hosts outside. */
import { CONTROL_PORT, exchange } from '../bench/control-exchange.ts';
import type { PcpClient } from '../bench/pcp-client.ts';
import { announcedAtRestart, type AskEpoch, EPOCH_MARGIN_S, epochAtRestart } from '../bench/restart.ts';
import { answersOutside, controlMutant, EPOCH, epochGoesOn } from '../mutants/control-mutant.ts';
import { leavesOut } from '../mutants/mutant.ts';
import { expectThat, inconclusive, notApplicable } from '../shortfall.ts';
import { hex } from '../wire/fields.ts';
import { ANNOUNCE, readPcpAnswer, writePcpRequest } from '../wire/pcp-message.ts';
import type { Checks } from './check.ts';
import { isAddress } from './vocabulary.ts';

export const PCP_RESTART_CHECKS: Checks = {
  'pcp/wan-silent': {
    sentence: 'The server does not answer a request from the WAN side.',
    clause: 'A rule of this suite: RFC 6887, 18.1 assumes that no host on the WAN side can send requests',
    level: 'own',
    kind: 'write',
    appliesTo: ['PCP:2'],
    needs: ['wan-host'],
    async *check(bench) {
      const { wanHost, subject } = bench;
      if (wanHost === null) return yield* notApplicable('a host on the WAN side', 'there is no such host');
      const { externalAddress: server } = yield* (yield* bench.pcp()).map();
      const isOutside = isAddress(server) && server !== subject.host;
      if (!isOutside) yield* inconclusive('an external address to ask at', server);
      const request = writePcpRequest({ opcode: ANNOUNCE, client: server });
      const reply = yield* exchange({ transport: wanHost, family: 'ipv4', server }, request, undefined, 2_000);
      const seen = reply === null ? 'none' : hex(reply.payload);
      yield* expectThat(reply === null, `no answer from ${server} port ${CONTROL_PORT}`, seen);
    },
    mutant: controlMutant('requests from the WAN are answered', answersOutside(2)),
  },

  'pcp/announcement': {
    sentence: 'After a restart the server multicasts an ANNOUNCE with a small epoch time to 224.0.0.1 port 5350.',
    clause: 'RFC 6887, 14.1',
    level: 'should',
    kind: 'disruptive',
    appliesTo: ['PCP:2'],
    needs: ['reboot'],
    async *check(bench) {
      const ask = epochOf(yield* bench.pcp());
      const heard = yield* await announcedAtRestart(bench, ask, ([version]) => version === 2);
      if (heard === null) return yield* expectThat(false, 'an ANNOUNCE after a restart', 'none');
      const answer = readPcpAnswer(heard.payload);
      const isAnnouncement = answer?.isResponse === true && answer.opcode === ANNOUNCE && answer.result === 0;
      yield* expectThat(isAnnouncement, 'an ANNOUNCE response with SUCCESS', hex(heard.payload));
      const latest = heard.seconds + EPOCH_MARGIN_S;
      const epoch = answer?.epoch ?? 0;
      yield* expectThat(epoch <= latest, `an epoch time of at most ${Math.floor(latest)}`, String(epoch));
    },
    mutant: controlMutant('PCP is not announced', leavesOut('pcp')),
  },

  'pcp/epoch-restart': {
    sentence: 'After a restart the epoch time begins again.',
    clause: 'RFC 6887, 8.5',
    level: 'must',
    kind: 'disruptive',
    appliesTo: ['PCP:2'],
    needs: ['reboot'],
    async *check(bench) {
      const client = yield* bench.pcp();
      const { before, after, seconds } = yield* await epochAtRestart(bench, epochOf(client));
      const latest = Math.floor(seconds + EPOCH_MARGIN_S);
      yield* expectThat(after <= latest, `at most ${latest}, after ${before} before the restart`, String(after));
    },
    mutant: controlMutant('the epoch time goes on', epochGoesOn('pcp', EPOCH)),
  },
};

function epochOf(client: PcpClient): AskEpoch {
  return async () => {
    const answer = await client.ask({ opcode: ANNOUNCE });
    return answer.isOk() ? answer.value.epoch : null;
  };
}
