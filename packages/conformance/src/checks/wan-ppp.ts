/** WANPPPConnection. */
import { onRequest, rewrites, withBody } from '../mutants/mutant.ts';
import type { Level, Permissions } from './requirement.ts';
import { expectThat, inconclusive, missed, notApplicable, type Shortfall } from '../shortfall.ts';
import { perform } from './case.ts';
import type { Check, Checks } from './check.ts';
import { WAN_IP_ADDING_CHECKS } from './wan-ip-adding.ts';
import { WAN_IP_LIFETIME_CHECKS } from './wan-ip-lifetime.ts';
import { WAN_IP_READ_CHECKS } from './wan-ip-reads.ts';
import { WAN_IP_REFUSAL_CHECKS } from './wan-ip-refusals.ts';

/** The checks of `wanip/*`: of a WANIPConnection in either version, and some of them of a WANPPPConnection. */
const WAN_IP_CHECKS: Checks = {
  ...WAN_IP_READ_CHECKS,
  ...WAN_IP_ADDING_CHECKS,
  ...WAN_IP_REFUSAL_CHECKS,
  ...WAN_IP_LIFETIME_CHECKS,
};

/** The most binding first. */
const LEVELS: readonly Level[] = ['must', 'should', 'may', 'own'];

interface Part {
  readonly id: string;
  readonly level: Level;
  readonly shortfall: Shortfall;
}

export const WAN_PPP_CHECKS: Checks = {
  'wanppp/mapping-suite': {
    sentence: 'The WANPPPConnection fulfils the requirements wanip/* for a WANIPConnection:1.',
    clause: 'WANPPPConnection:1, 2.4 (Actions)',
    level: 'must',
    kind: 'write',
    note: 'the level is the highest level of the requirements that fail',
    appliesTo: ['WANPPPConnection:1'],
    async *check(bench) {
      const service = bench.subject.services.find(({ name }) => name === 'WANPPPConnection');
      if (service === undefined) return yield* notApplicable('a WANPPPConnection', 'the description has none');
      const bound = bench.withConnection(service);
      const parts: Part[] = [];
      for (const [id, { level, check }] of sharedChecks(bench.permissions)) {
        const shortfall = bench.isEnded ? null : await perform(check, bound);
        if (shortfall !== null) parts.push({ id, level, shortfall });
      }
      const told = (some: readonly Part[], word: 'expected' | 'actual'): string =>
        some.map(({ id, shortfall }) => `${id}: ${shortfall[word]}`).join('; ');
      const wrong = parts.filter(({ shortfall }) => shortfall.kind === 'missed');
      // The level of the failure is the most binding level among the missed parts.
      const level = LEVELS.find((one) => wrong.some((part) => part.level === one));
      if (level !== undefined) yield* missed(told(wrong, 'expected'), told(wrong, 'actual'), level);
      const open = parts.filter(({ shortfall }) => shortfall.kind === 'inconclusive');
      if (open.length > 0) yield* inconclusive('a verdict on each', told(open, 'actual'));
    },
    mutant: {
      what: 'WANPPPConnection does not know whether there is NAT',
      options: { connectionService: 'ip-and-ppp' },
      hooks: rewrites(
        ({ action, request }) => action === 'GetNATRSIPStatus' && request.url.includes('WANPPPConn1'),
        (text) => text.replace('<NewNATEnabled>1<', '<NewNATEnabled>perhaps<'),
      ),
    },
  },

  'wanppp/no-plaintext-password': {
    sentence: 'The gateway refuses GetPassword.',
    clause: 'A rule of this suite: otherwise every host on the LAN could read the provider’s password',
    level: 'own',
    kind: 'read',
    appliesTo: ['WANPPPConnection:1'],
    async *check(bench) {
      const connection = yield* bench.service('WANPPPConnection');
      const { values } = yield* connection.call('GetPassword');
      // What it is must not stand in a report.
      yield* expectThat(values === null, 'GetPassword refused', 'a success');
    },
    mutant: {
      what: 'everybody gets the password',
      options: { connectionService: 'ip-and-ppp' },
      hooks: onRequest(
        ({ action }) => action === 'GetPassword',
        (_context, proceed) =>
          withBody(
            { ...proceed(), status: 200 },
            '<s:Envelope xmlns:s="http://schemas.xmlsoap.org/soap/envelope/"><s:Body>' +
              '<u:GetPasswordResponse xmlns:u="urn:schemas-upnp-org:service:WANPPPConnection:1">' +
              '<NewPassword>secret</NewPassword></u:GetPasswordResponse></s:Body></s:Envelope>',
          ),
      ),
    },
  },
};

/** The checks that a WANPPPConnection shares with a WANIPConnection:1, as far as the run may make them. */
function sharedChecks({ disruptive }: Permissions): readonly (readonly [id: string, check: Check])[] {
  return Object.entries(WAN_IP_CHECKS).filter(
    ([, { kind, appliesTo }]) =>
      appliesTo?.includes('WANIPConnection:1') === true && (kind !== 'disruptive' || disruptive),
  );
}
