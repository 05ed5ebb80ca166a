/** WANPPPConnection. */
import { REQUIREMENTS } from '../requirements/all.ts';
import type { Level, Permissions, Requirement } from '../requirements/requirement.ts';
import { expectThat, inconclusive, missed, notApplicable, type Shortfall } from '../shortfall.ts';
import { type Cases, perform } from './case.ts';
import { WAN_IP_CASES } from './wan-ip.ts';

/** The most binding first. */
const LEVELS: readonly Level[] = ['must', 'should', 'may', 'own'];

interface Part {
  readonly requirement: Requirement;
  readonly shortfall: Shortfall;
}

export const WAN_PPP_CASES: Cases = {
  async *'wanppp/mapping-suite'(bench) {
    const service = bench.subject.services.find(({ name }) => name === 'WANPPPConnection');
    if (service === undefined) return yield* notApplicable('a WANPPPConnection', 'the description has none');
    const bound = bench.withConnection(service);
    const parts: Part[] = [];
    for (const requirement of REQUIREMENTS.filter((one) => isShared(one, bench.permissions))) {
      const check = WAN_IP_CASES[requirement.id];
      const shortfall = check === undefined || bench.isEnded ? null : await perform(check, bound);
      if (shortfall !== null) parts.push({ requirement, shortfall });
    }
    const told = (some: readonly Part[], word: 'expected' | 'actual'): string =>
      some.map(({ requirement, shortfall }) => `${requirement.id}: ${shortfall[word]}`).join('; ');
    const wrong = parts.filter(({ shortfall }) => shortfall.kind === 'missed');
    // As binding as the most binding of what was missed: a should is none the less one here.
    const level = LEVELS.find((one) => wrong.some(({ requirement }) => requirement.level === one));
    if (level !== undefined) yield* missed(told(wrong, 'expected'), told(wrong, 'actual'), level);
    const open = parts.filter(({ shortfall }) => shortfall.kind === 'inconclusive');
    if (open.length > 0) yield* inconclusive('a verdict on each', told(open, 'actual'));
  },

  async *'wanppp/no-plaintext-password'(bench) {
    const connection = yield* bench.service('WANPPPConnection');
    const { values } = yield* connection.call('GetPassword');
    // What it is must not stand in a report.
    yield* expectThat(values === null, 'GetPassword refused', 'a success');
  },
};

/** What a WANPPPConnection shares with a WANIPConnection:1. */
function isShared({ id, kind, appliesTo }: Requirement, { disruptive }: Permissions): boolean {
  const isOfVersion1 = appliesTo?.includes('WANIPConnection:1') === true;
  return id.startsWith('wanip/') && isOfVersion1 && (kind !== 'disruptive' || disruptive);
}
