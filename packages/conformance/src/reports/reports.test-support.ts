/** Reports for the tests of all formats: of real runs, and one with everything in it that a hostile gateway may send. */
import type { HttpRequest } from '@portwright/core';
import { simulateGateway } from '@portwright/transport-mock';
import { checkGateway } from '../mutants/mutant.test-support.ts';
import { onRequest } from '../mutants/mutant.ts';
import type { Requirement, RequirementId } from '../checks/requirement.ts';
import type { KnownFailure } from '../run/known-failures.ts';
import { conclude, type Report, type RunFacts } from '../run/result.ts';
import type { CheckResult, Verdict } from '../run/check-result.ts';
import { runConformance } from '../run/run.ts';
import { outcomesOf } from './outcome.ts';
import type { WireRecord } from '../wire/wire-record.ts';

const UTF8 = new TextEncoder();

export const goodReport: () => Promise<Report> = once(() => checkGateway(null));

/** Makes a thing when it is first asked for: a run of the whole suite is not free. */
function once<T>(make: () => T): () => T {
  let made: { readonly value: T } | undefined;
  return () => (made ??= { value: make() }).value;
}

/**
 * A router that many have: with failures, warnings, and things that could not be found out. The last failure is known, and
 * so is one that does not happen: the last pass.
 */
export const flawedReport: () => Promise<Report> = once(async () => {
  await using router = simulateGateway({ persona: 'askey-rtf8316vw' });
  const target = { kind: 'url', url: router.descriptionUrl } as const;
  const report = (await runConformance(router.transport, target, { write: true, seed: 7 }))._unsafeUnwrap();
  const { results } = report;
  const known = [
    results.findLast(({ verdict }) => verdict === 'fail'),
    results.findLast(({ verdict }) => verdict === 'pass'),
  ];
  const isKnown = (one: CheckResult): boolean => known.some((result) => result?.requirement === one.requirement);
  return conclude({ ...report, results: results.map((one) => (isKnown(one) ? asKnown(one) : one)) });
});

function asKnown(result: CheckResult): CheckResult {
  return {
    ...result,
    known: { id: result.requirement.id, clause: 'the maker’s manual, page 3', reason: 'it goes by an older draft' },
  };
}

/** A run that was allowed everything, and told nothing. */
export const RUN: RunFacts = {
  run: 'r',
  location: 'http://192.168.1.1/',
  device: null,
  startedAt: '2026-01-02T03:04:05Z',
  seed: 7,
  write: true,
  disruptive: false,
  strict: false,
  only: null,
};

/** It ends elements, runs scripts, loads images, clears screens, turns lines around, and begins lines of TAP and YAML. */
export const HOSTILE = [
  `</pre></details><script>document.title = 'owned'</script><img src="http://192.0.2.1/x" onerror="document.title='owned'">`,
  '" onmouseover="document.title=\'owned\'" \' ]]> & &lt; <!-- #',
  '\u001b[2J\u001b]0;owned\u0007\u009b31m\u0000\u202eowned\u2028\ufffe\ud800',
  '  ...',
  '  ---',
  'not ok 1 - owned # SKIP',
  'Bail out! owned',
  '1..1',
].join('\r\n');

/** A gateway all of whose answers have that in them. */
export const hostileGatewayReport: () => Promise<Report> = once(() =>
  checkGateway({
    what: 'hostile',
    hooks: onRequest(
      () => true,
      (_context, proceed) => {
        const answer = proceed();
        const body = UTF8.encode(`${new TextDecoder().decode(answer.body)}${HOSTILE}`);
        const headers = answer.headers.filter(([name]) => name !== 'CONTENT-LENGTH');
        const named = ['X-Name', HOSTILE.replace(/[\r\n]+/g, ' ')] as const;
        return { ...answer, headers: [...headers, ['CONTENT-LENGTH', String(body.length)], named], body };
      },
    ),
  }),
);

/** A report in which every text is hostile and every verdict occurs. */
export function hostileReport(): Report {
  const known: KnownFailure = { id: HOSTILE, clause: HOSTILE, reason: HOSTILE };
  const entry = {
    remoteHost: HOSTILE,
    externalPort: 1,
    protocol: HOSTILE,
    internalPort: 2,
    internalClient: HOSTILE,
    isEnabled: false,
    description: HOSTILE,
  };
  return conclude({
    ...RUN,
    run: HOSTILE,
    location: `http://192.168.1.1/${HOSTILE}`,
    device: { friendlyName: HOSTILE, manufacturer: HOSTILE, modelName: HOSTILE, modelNumber: HOSTILE },
    startedAt: HOSTILE,
    only: [HOSTILE],
    results: [
      resultOf('ssdp/fail', 'fail'),
      resultOf('ssdp/known-fail', 'fail', known),
      resultOf('ssdp/known-warn', 'warn', known),
      resultOf('ssdp/pass', 'pass'),
      // An entry of its own: it is out of date.
      resultOf('ssdp/known-pass', 'pass', { ...known }),
      resultOf('soap/warn', 'warn'),
      resultOf('soap/skip', 'skip'),
      resultOf('soap/inconclusive', 'inconclusive'),
      { ...resultOf('soap/warn', 'warn'), isRepeated: true },
    ],
    table: { missing: [entry], extra: [entry], others: [entry] },
    uncompared: null,
    swept: [entry],
    leftovers: [HOSTILE],
    wasAborted: true,
  });
}

function resultOf(id: RequirementId, verdict: Verdict, known: KnownFailure | null = null): CheckResult {
  const requirement: Requirement = { id, sentence: HOSTILE, clause: HOSTILE, level: 'must', kind: 'read' };
  const about = { requirement, known, isRepeated: false, durationMs: 12.4 };
  if (verdict === 'pass') return { ...about, verdict };
  return { ...about, verdict, expected: HOSTILE, actual: HOSTILE, exchanges: hostileWire() };
}

function hostileWire(): readonly WireRecord[] {
  const payload = UTF8.encode(HOSTILE);
  const peer = { address: HOSTILE, port: 1_900 };
  const request: HttpRequest = {
    method: HOSTILE,
    url: `http://192.168.1.1/${HOSTILE}`,
    headers: [[HOSTILE, HOSTILE]],
    body: payload,
  };
  const response = { status: 200, headers: request.headers, body: payload };
  return [
    { kind: 'http', at: 5, request, outcome: { kind: 'response', response } },
    {
      kind: 'http',
      at: 6,
      request,
      outcome: { kind: 'failure', error: { kind: 'transport', code: 'timeout', message: HOSTILE } },
    },
    { kind: 'sent', at: 7, payload, to: peer },
    { kind: 'received', at: 8.6, payload: Uint8Array.of(0xff, 0xfe, 0, 1), from: peer },
    { kind: 'event', at: 9, request, from: HOSTILE },
  ];
}

/** How many requirements it has results of. */
export function requirementsIn({ results }: Report): number {
  return new Set(results.map(({ requirement }) => requirement.id)).size;
}

/** The results that a person is told of. */
export function toldOnce(report: Report): readonly CheckResult[] {
  return outcomesOf(report).map(({ result }) => result);
}
