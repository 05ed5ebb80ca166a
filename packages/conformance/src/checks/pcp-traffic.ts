/** PCP: packets through a mapping. */
import { type Grant, granted } from '../bench/pcp-client.ts';
import { packetGetsThrough, type PacketWay } from '../bench/traffic.ts';
import { closedBehind, controlMutant } from '../mutants/control-mutant.ts';
import { expectThat, inconclusive, notApplicable } from '../shortfall.ts';
import { FILTER, filterFields, writePcpOption } from '../wire/pcp-message.ts';
import type { Check, Checks } from './check.ts';

const WRITE = {
  level: 'must',
  kind: 'write',
  appliesTo: ['PCP:2'],
  needs: ['wan-host'],
} as const satisfies Partial<Check>;

/** RFC 5737: no host has it. */
const ELSEWHERE = '198.51.100.1';

export const PCP_TRAFFIC_CHECKS: Checks = {
  'pcp/traffic': {
    ...WRITE,
    sentence: 'A packet from the WAN to a mapped port reaches the client.',
    clause: 'RFC 6887, 11',
    async *check(bench) {
      if (bench.wanHost === null) return yield* notApplicable('a host on the WAN side', 'there is no such host');
      const way = wayOf(yield* (yield* bench.pcp()).map());
      const isThrough = yield* await packetGetsThrough(bench, way);
      yield* expectThat(isThrough, `a packet to ${way.address} port ${way.port}`, 'no packet arrived');
    },
    mutant: controlMutant('nothing gets through a mapping of PCP', closedBehind('pcp')),
  },

  'pcp/filter': {
    ...WRITE,
    sentence: 'With FILTER, packets from other hosts do not get through.',
    clause: 'RFC 6887, 13.3',
    async *check(bench) {
      if (bench.wanHost === null) return yield* notApplicable('a host on the WAN side', 'there is no such host');
      const client = yield* bench.pcp();
      const open = yield* client.map();
      if (!(yield* await packetGetsThrough(bench, wayOf(open)))) {
        yield* inconclusive('a packet through a mapping without FILTER', 'no packet arrived');
      }
      const request = client.propose({ options: [writePcpOption(FILTER, filterFields(128, ELSEWHERE))] });
      const answer = yield* client.tryMap(request);
      if (answer.result === 5) return yield* notApplicable('a server with FILTER', answer.summary);
      const filtered = yield* granted(request, answer);
      const isThrough = yield* await packetGetsThrough(bench, wayOf(filtered));
      yield* expectThat(!isThrough, `packets from ${ELSEWHERE} alone`, 'a packet of another host arrived');
    },
    mutant: controlMutant('FILTER is granted and not applied', undefined, { pcp: { appliesFilter: false } }),
  },
};

function wayOf({ externalAddress, externalPort, internalPort }: Grant): PacketWay {
  return { address: externalAddress, port: externalPort, internalPort };
}
