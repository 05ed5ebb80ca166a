/** WANPPPConnection. */
import { REQUIREMENTS } from '../requirements/all.ts';
import type { Requirement } from '../requirements/requirement.ts';
import { expectThat, inconclusive, notApplicable, type Shortfall } from '../shortfall.ts';
import { type Cases, perform } from './case.ts';
import { WAN_IP_CASES } from './wan-ip.ts';

export const WAN_PPP_CASES: Cases = {
  async *'wanppp/mapping-suite'(bench) {
    const service = bench.subject.services.find(({ name }) => name === 'WANPPPConnection');
    if (service === undefined) return yield* notApplicable('a WANPPPConnection', 'the description has none');
    const bound = bench.withConnection(service);
    const shortfalls: { readonly id: string; readonly shortfall: Shortfall }[] = [];
    for (const { id } of REQUIREMENTS.filter(isShared)) {
      const check = WAN_IP_CASES[id];
      const shortfall = check === undefined || bench.isEnded ? null : await perform(check, bound);
      if (shortfall !== null) shortfalls.push({ id, shortfall });
    }
    const describe = ({ id, shortfall }: (typeof shortfalls)[number]): string => `${id}: ${shortfall.actual}`;
    const missed = shortfalls.filter(({ shortfall }) => shortfall.kind === 'missed');
    const wanted = missed.map(({ id, shortfall }) => `${id}: ${shortfall.expected}`);
    yield* expectThat(missed.length === 0, wanted.join('; '), missed.map(describe).join('; '));
    const open = shortfalls.filter(({ shortfall }) => shortfall.kind === 'inconclusive');
    if (open.length > 0) yield* inconclusive('a verdict on each', open.map(describe).join('; '));
  },

  async *'wanppp/no-plaintext-password'(bench) {
    const connection = yield* bench.service('WANPPPConnection');
    const { values } = yield* connection.call('GetPassword');
    // What it is must not stand in a report.
    yield* expectThat(values === null, 'GetPassword refused', 'it was answered');
  },
};

/** What a WANPPPConnection shares with a WANIPConnection:1, as far as it is binding. */
function isShared({ id, level, kind, appliesTo }: Requirement): boolean {
  const isOfVersion1 = appliesTo?.includes('WANIPConnection:1') === true;
  return id.startsWith('wanip/') && isOfVersion1 && level === 'must' && kind !== 'disruptive';
}
