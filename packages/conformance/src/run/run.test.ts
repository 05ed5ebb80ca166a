import type { Transport } from '@portwright/core';
import { simulateGateway } from '@portwright/transport-mock';
import { describe, expect, test } from 'vitest';
import { checkGateway, flagged, gatewayOf, resultOf } from '../mutants/mutant.test-support.ts';
import { type Mutant, onAction, refusal, success } from '../mutants/mutant.ts';
import { runConformance } from './run.ts';
import type { KnownFailure } from './known-failures.ts';
import type { CheckResult } from './check-result.ts';

const GATEWAYS: Readonly<Record<string, Mutant>> = {
  'version 2': { what: 'nothing', version: 2 },
  'version 1': { what: 'nothing', version: 1 },
  'version 1 with PPP': { what: 'nothing', version: 1, options: { connectionService: 'ppp' } },
  'version 2 with both connections': { what: 'nothing', version: 2, options: { connectionService: 'ip-and-ppp' } },
};

describe('a simulated gateway by the book', () => {
  test.each(Object.entries(GATEWAYS))(
    '%s does all that concerns it, and has its table as before',
    async (_name, gateway) => {
      const report = await checkGateway(gateway);
      const others = report.results.filter(({ verdict }) => verdict !== 'pass' && verdict !== 'skip');
      expect(others).toEqual([]);
      expect(report).toMatchObject({ isGood: true, table: { missing: [], extra: [] }, leftovers: [], swept: [] });
    },
  );

  test('version 2 is asked nearly everything, and what is skipped says why', async () => {
    const report = await checkGateway({ what: '', options: { protocols: ['upnp', 'pcp', 'nat-pmp'] } });
    expect(skipped(report.results)).toEqual([
      ['ssdp/msearch-igd1-reply', 'the description has none'],
      ['soap/query-unknown-var', 'a fault with 401'],
      ['wanppp/no-plaintext-password', 'the description has none'],
      ['pcp/no-nat-pmp', 'it has NAT-PMP'],
      ['nat-pmp/unsupported-version', 'it has PCP'],
      ['wanip/lease-0-permanent', 'the description has none'],
      ['wanppp/mapping-suite', 'the description has none'],
    ]);
  });
});

function skipped(results: readonly CheckResult[]): readonly (readonly [string, string])[] {
  return results.flatMap((result) =>
    result.verdict === 'skip' ? [[result.requirement.id, result.actual] as const] : [],
  );
}

test('without leave to write a run changes nothing, and says what it leaves out', async () => {
  await using router = gatewayOf(null);
  const report = (await runConformance(router.transport, { kind: 'url', url: router.descriptionUrl }))._unsafeUnwrap();
  const actions = router.exchanges().flatMap((exchange) => {
    const soapAction =
      exchange.kind === 'http' ? exchange.request.headers.find(([name]) => name === 'SOAPAction') : undefined;
    return soapAction === undefined ? [] : [soapAction[1].replace(/^.*#|"$/g, '')];
  });
  expect(actions.filter((action) => !/^(?:Get|Query|X_Portwright)/.test(action))).toEqual([]);
  expect(resultOf(report, 'wanip/add-lease')).toMatchObject({ verdict: 'skip', actual: 'this run only reads' });
  expect(report).toMatchObject({ isGood: true, table: null, uncompared: 'unwritten' });
});

test('without leave to write the gateway is told of no host but this one', async () => {
  await using router = gatewayOf(null);
  (await runConformance(router.transport, { kind: 'url', url: router.descriptionUrl }))._unsafeUnwrap();
  const text = new TextDecoder('latin1');
  const told = router.exchanges().flatMap((exchange) => {
    if (exchange.kind !== 'http') return [];
    const { headers, body } = exchange.request;
    const said = [...headers.map(([, value]) => value), text.decode(body)].join('\n');
    return said.match(/\b\d{1,3}(?:\.\d{1,3}){3}\b|\[[\da-f:]+\]/gi) ?? [];
  });
  // Those of CALLBACK are this host's own.
  expect([...new Set(told)].sort()).toEqual(['192.168.1.1', '192.168.1.2']);
});

test('never is SetConnectionType or ForceTermination called', async () => {
  await using router = gatewayOf(null);
  const options = { write: true, disruptive: true, secondClient: router.neighbour() };
  const report = await runConformance(router.transport, { kind: 'url', url: router.descriptionUrl }, options);
  expect(report.isOk()).toBe(true);
  const sent = router
    .exchanges()
    .map((exchange) => (exchange.kind === 'http' ? JSON.stringify(exchange.request.headers) : ''));
  expect(sent.filter((headers) => /SetConnectionType|ForceTermination/.test(headers))).toEqual([]);
});

test('mappings are made on high ports, to this host, and with the run’s name and this host’s address', async () => {
  await using router = gatewayOf(null);
  const seen = new Set<string>();
  const report = (
    await runConformance(
      router.transport,
      { kind: 'url', url: router.descriptionUrl },
      {
        write: true,
        only: ['wanip/add-lease'],
        seed: 7,
        onResult: () => undefined,
      },
    )
  )._unsafeUnwrap();
  for (const exchange of router.exchanges()) {
    if (exchange.kind !== 'http') continue;
    const body = new TextDecoder().decode(exchange.request.body);
    if (!body.includes('<u:AddPortMapping ')) continue;
    const port = Number(/<NewExternalPort>(\d+)</.exec(body)?.[1]);
    expect(port).toBeGreaterThanOrEqual(40_000);
    seen.add(/<NewPortMappingDescription>([^<]*)</.exec(body)?.[1] ?? '');
  }
  expect([...seen]).toEqual([`portwright-conformance ${report.run} 192.168.1.2`]);
});

describe('verdicts', () => {
  test('a missed must is a failure, with what was expected, what was seen, and the wire', async () => {
    const report = await checkGateway({ what: '', options: { refusals: { noSuchIndex: 714 } } });
    const result = resultOf(report, 'wanip/generic-walk');
    expect(result).toMatchObject({
      verdict: 'fail',
      expected: '713 after the last entry, at index 2',
      actual: 'a fault with 714',
      exchanges: [
        { kind: 'http' },
        { kind: 'http' },
        { kind: 'http', outcome: { kind: 'response', response: { status: 500 } } },
      ],
    });
    expect(report.isGood).toBe(false);
  });

  const shortLived: Mutant = { what: '', options: { maxAge: 60 } };

  test('a missed should is a warning', async () => {
    const report = await checkGateway(shortLived, { only: ['ssdp/*'] });
    expect(resultOf(report, 'ssdp/maxage-1800')).toMatchObject({ verdict: 'warn', actual: '60' });
    expect(report.isGood).toBe(true);
  });

  test('a missed should is a failure of a strict run', async () => {
    const report = await checkGateway(shortLived, { only: ['ssdp/*'], strict: true });
    expect(resultOf(report, 'ssdp/maxage-1800')).toMatchObject({ verdict: 'fail' });
    expect(report.isGood).toBe(false);
  });

  test('what could not be found out is inconclusive', async () => {
    const full: Mutant = { what: '', options: { capacity: 2, refusals: { full: 501 } } };
    const report = await checkGateway(full, { only: ['wanip/delete'] });
    expect(resultOf(report, 'wanip/delete')).toMatchObject({ verdict: 'inconclusive', actual: 'a fault with 501' });
  });

  test('a check that takes too long is inconclusive, and the next one follows', async () => {
    const slow: Mutant = {
      what: '',
      hooks: () => {
        let asked = 0;
        return {
          // The first three are those of the run itself.
          outcome: (context, proceed) => {
            if (context.action !== 'GetGenericPortMappingEntry') return proceed();
            asked += 1;
            return { ...proceed(), delayMs: asked > 3 ? 9_000 : 0 };
          },
          action: (call, proceed) =>
            call.action === 'GetGenericPortMappingEntry' && asked > 3
              ? success({
                  NewRemoteHost: '',
                  NewExternalPort: 1,
                  NewProtocol: 'TCP',
                  NewInternalPort: 1,
                  NewInternalClient: '192.168.1.9',
                  NewEnabled: 1,
                  NewPortMappingDescription: 'one more',
                  NewLeaseDuration: 0,
                })
              : proceed(),
        };
      },
    };
    const only = ['wanip/generic-walk', 'wanip/specific-unknown-714'];
    const report = await checkGateway(slow, { only, write: false, disruptive: false });
    expect(resultOf(report, 'wanip/generic-walk')).toMatchObject({
      verdict: 'inconclusive',
      expected: 'an end within 60 seconds',
    });
    expect(resultOf(report, 'wanip/specific-unknown-714')).toMatchObject({ verdict: 'pass' });
  });
});

describe('known failures', () => {
  const defect: Mutant = { what: '', hooks: onAction('GetNATRSIPStatus', () => refusal(501)) };
  const only = ['wanip/nat-rsip', 'wanip/external-ip'];
  const known = (id: string): KnownFailure => ({ id, clause: 'WANIPConnection:1, 2.4.13', reason: 'it has none' });

  test('one that fails does not count', async () => {
    const report = await checkGateway(defect, { only, knownFailures: [known('wanip/nat-*')] });
    expect(resultOf(report, 'wanip/nat-rsip')).toMatchObject({ verdict: 'fail', known: known('wanip/nat-*') });
    expect(report).toMatchObject({ isGood: true, unexpectedPasses: [] });
  });

  test('one that passes is an error', async () => {
    const report = await checkGateway(null, { only, knownFailures: [known('wanip/nat-rsip')] });
    expect(report).toMatchObject({ isGood: false, unexpectedPasses: ['wanip/nat-rsip'] });
  });

  test('one that is no requirement is refused, and so is one in `only`', async () => {
    await using router = simulateGateway();
    const target = { kind: 'url', url: router.descriptionUrl } as const;
    const stray = await runConformance(router.transport, target, { knownFailures: [known('wanip/nat-rsap')] });
    expect(stray._unsafeUnwrapErr()).toMatchObject({ kind: 'invalid-argument', argument: 'knownFailures' });
    const wanted = await runConformance(router.transport, target, { only: ['wan/*'] });
    expect(wanted._unsafeUnwrapErr()).toMatchObject({ kind: 'invalid-argument', argument: 'only' });
  });
});

describe('a run that is aborted', () => {
  test('ends at once, takes back what it has made, and says so', async () => {
    await using router = gatewayOf(null);
    const controller = new AbortController();
    let made = 0;
    router.inject({
      row: 0,
      what: '',
      remedy: '',
      name: 'abort at the third mapping',
      hooks: onAction('AddPortMapping', (_call, proceed) => {
        made += 1;
        if (made === 3) controller.abort();
        return proceed();
      }),
    });
    const before = router.mappings();
    const told: string[] = [];
    const report = (
      await runConformance(
        router.transport,
        { kind: 'url', url: router.descriptionUrl },
        { write: true, signal: controller.signal, onResult: ({ requirement }) => told.push(requirement.id) },
      )
    )._unsafeUnwrap();
    expect(made).toBe(3);
    expect(router.mappings()).toEqual(before);
    expect(report).toMatchObject({ wasAborted: true, isGood: false, leftovers: [] });
    expect(told).toEqual(report.results.map(({ requirement }) => requirement.id));
    expect(told).not.toContain('wanip/delete');
  });

  test.each([
    ['given by URL', { kind: 'url', url: 'http://192.168.1.1:5000/description.xml' }],
    ['searched for', { kind: 'search' }],
  ] as const)('before the gateway, %s, was found makes no report', async (_how, target) => {
    await using router = gatewayOf(null);
    const report = await runConformance(router.transport, target, { write: true, signal: AbortSignal.abort() });
    expect(report._unsafeUnwrapErr()).toMatchObject({ kind: 'transport', code: 'aborted' });
    expect(router.exchanges()).toEqual([]);
  });

  test('so is one that has no time left', async () => {
    const report = await checkGateway(null, { limitMs: 3_000 });
    expect(report).toMatchObject({ wasAborted: true, isGood: false, leftovers: [] });
    expect(report.results.length).toBeGreaterThan(0);
  });
});

test('each check is told as it begins, with its place among all of them', async () => {
  await using router = gatewayOf(null);
  const told: string[] = [];
  const report = await runConformance(
    router.transport,
    { kind: 'url', url: router.descriptionUrl },
    {
      write: true,
      only: ['desc/get-200-xml', 'wanip/delete', 'soap/query-unknown-var'],
      onCheck: ({ requirement, isRepeated, number, total }) =>
        told.push(`${number}/${total} ${requirement.id}${isRepeated ? ' again' : ''}`),
    },
  );
  expect(report.isOk()).toBe(true);
  expect(told).toEqual([
    '1/5 desc/get-200-xml',
    '2/5 soap/query-unknown-var',
    // It was skipped, and is not asked for again.
    '3/4 wanip/delete',
    '4/4 desc/get-200-xml again',
  ]);
});

describe('the gateway under test', () => {
  test('is found by a search', async () => {
    await using router = gatewayOf(null);
    const report = await runConformance(router.transport, { kind: 'search' }, { only: ['desc/get-200-xml'] });
    expect(report._unsafeUnwrap()).toMatchObject({ location: 'http://192.168.1.1:5000/description.xml', isGood: true });
  });

  test('is none where nobody answers', async () => {
    await using router = simulateGateway({ answeredTargets: [] });
    const report = await runConformance(router.transport, { kind: 'search' });
    expect(report._unsafeUnwrapErr()).toMatchObject({ kind: 'no-gateway', code: 'no-answer' });
  });

  test('may have a description that nobody can read: then that is what the report says', async () => {
    const broken: Mutant = {
      what: '',
      hooks: () => ({
        response: (context, proceed) =>
          context.purpose === 'description'
            ? { ...proceed(), body: new TextEncoder().encode('<root><device>') }
            : proceed(),
      }),
    };
    const report = await checkGateway(broken, { only: ['desc/*', 'wanip/*'] });
    expect(flagged(report)).toEqual(['desc/wellformed-utf8']);
    expect(resultOf(report, 'wanip/delete')).toMatchObject({
      verdict: 'skip',
      actual: 'the description can’t be read',
    });
  });
});

test('a gateway that only says that it deleted is found out', async () => {
  const liar: Mutant = { what: '', version: 1, hooks: onAction('DeletePortMapping', () => success({})) };
  const report = await checkGateway(liar, { only: ['wanip/add-lease'] });
  expect(report.leftovers).toEqual([
    expect.stringMatching(/^a mapping of TCP \d{5} to 192\.168\.1\.2:\d{5}, "portwright-conformance .*"$/),
  ]);
  expect(report.table).toMatchObject({ missing: [], extra: [{ internalClient: '192.168.1.2' }] });
  expect(report.isGood).toBe(false);
});

describe('what makes a gateway good', () => {
  test('is not that nothing could be checked', async () => {
    const report = await checkGateway({ what: '', version: 1 }, { only: ['wanip2/*'] });
    expect(report.counts).toMatchObject({ pass: 0, fail: 0 });
    expect(report.isGood).toBe(false);
  });

  test('has nothing to do with what others map meanwhile', async () => {
    await using router = gatewayOf(null);
    let isMapped = false;
    const report = (
      await runConformance(
        router.transport,
        { kind: 'url', url: router.descriptionUrl },
        {
          write: true,
          only: ['wanip/add-lease'],
          onCheck: () => {
            if (isMapped) return;
            isMapped = true;
            router.machine.gateway.connection.mappings.put({
              remoteHost: '',
              externalPort: 3_074,
              protocol: 'UDP',
              internalPort: 3_074,
              internalClient: '192.168.1.77',
              isEnabled: true,
              description: 'a console',
              expiresAt: Infinity,
            });
          },
        },
      )
    )._unsafeUnwrap();
    expect(report).toMatchObject({
      isGood: true,
      table: { missing: [], extra: [], others: [{ externalPort: 3_074, internalClient: '192.168.1.77' }] },
    });
  });

  test('has nothing to do with a table that nobody can read', async () => {
    const unreadable: Mutant = { what: '', hooks: onAction('GetGenericPortMappingEntry', () => refusal(501)) };
    const report = await checkGateway(unreadable, { only: ['wanip/external-ip'] });
    expect(report).toMatchObject({ isGood: true, table: null, uncompared: 'unreadable' });
  });

  test('is not a table that can no longer be read', async () => {
    // It could be hiding what it has lost: here the mapping of another host.
    const losing: Mutant = {
      what: '',
      hooks: () => {
        let hasDeleted = false;
        return {
          action: (call, proceed) => {
            const { mappings } = call.gateway.connection;
            if (call.action === 'DeletePortMapping') {
              hasDeleted = true;
              mappings.remove(mappings.ofPort(50_000, 'TCP'));
            }
            return hasDeleted && call.action === 'GetGenericPortMappingEntry' ? refusal(501) : proceed();
          },
        };
      },
    };
    const report = await checkGateway(losing, { only: ['wanip/delete'] });
    expect(resultOf(report, 'wanip/delete')).toMatchObject({ verdict: 'pass' });
    expect(report).toMatchObject({ isGood: false, table: null, uncompared: 'lost' });
  });

  test('has nothing to do with an answer that got lost', async () => {
    const hiccup: Mutant = {
      what: '',
      hooks: () => {
        let [hasDeleted, hasFailed] = [false, false];
        return {
          action: (call, proceed) => {
            hasDeleted ||= call.action === 'DeletePortMapping';
            if (!hasDeleted || hasFailed || call.action !== 'GetGenericPortMappingEntry') return proceed();
            hasFailed = true;
            return refusal(501);
          },
        };
      },
    };
    const report = await checkGateway(hiccup, { only: ['wanip/delete'] });
    expect(report).toMatchObject({ isGood: true, table: { missing: [], extra: [] }, uncompared: null });
  });

  test('is not a mapping of another host that is switched off', async () => {
    const switching = onAction('DeletePortMapping', ({ gateway }, proceed) => {
      const { mappings } = gateway.connection;
      for (const mapping of mappings.ofPort(50_000, 'TCP')) mappings.put({ ...mapping, isEnabled: false });
      return proceed();
    });
    const report = await checkGateway({ what: '', hooks: switching }, { only: ['wanip/delete'] });
    expect(report).toMatchObject({
      isGood: false,
      table: {
        missing: [{ externalPort: 50_000, isEnabled: true }],
        others: [{ externalPort: 50_000, isEnabled: false }],
      },
    });
  });
});

test('a run can be had once more by its seed, which the report tells', async () => {
  const only = ['wanip/add-lease'];
  const first = await checkGateway(null, { only, seed: undefined });
  const again = await checkGateway(null, { only, seed: first.seed });
  expect([again.run, again.seed]).toEqual([first.run, first.seed]);
  expect(first).toMatchObject({ write: true, strict: false, only, startedAt: null });
  expect(first.device).toMatchObject({ manufacturer: 'Portwright' });
});

test('what a gateway sends does not end a run, though a check stumble over it', async () => {
  const odd: Mutant = { what: '', options: { description: { urlBase: 'http://127.0.0.1:99999/' } } };
  const report = await checkGateway(odd, { only: ['desc/*'] });
  expect(report.wasAborted).toBe(false);
  expect(resultOf(report, 'desc/urlbase-optional')).toMatchObject({
    verdict: expect.stringMatching(/^(warn|fail)$/) as string,
  });
});

describe('an entry of the known failures that means several', () => {
  const entry = (id: string): KnownFailure => ({ id, clause: 'UDA 1.0, 3.2.2', reason: 'it is so' });
  const wrong: Mutant = {
    what: '',
    hooks: onAction('GetExternalIPAddress', () => success({ NewExternalIPAddress: '300.1.1.1' })),
  };

  test('is true as long as one of them fails', async () => {
    const report = await checkGateway(wrong, {
      only: ['wanip/external-ip', 'wanip/nat-rsip'],
      knownFailures: [entry('wanip/*')],
    });
    expect(report).toMatchObject({ isGood: true, unexpectedPasses: [] });
  });

  test('is out of date when all of them pass', async () => {
    const report = await checkGateway(null, {
      only: ['wanip/external-ip', 'wanip/nat-rsip'],
      knownFailures: [entry('wanip/*')],
    });
    expect(report).toMatchObject({ isGood: false, unexpectedPasses: ['wanip/nat-rsip', 'wanip/external-ip'] });
  });
});

test('a check that breaks is inconclusive, and the next one follows', async () => {
  await using router = gatewayOf(null);
  const { http } = router.transport;
  const breaking: Transport = {
    ...router.transport,
    http: {
      request: (request, options) => {
        if (request.headers.some(([, value]) => value.includes('GetNATRSIPStatus'))) throw new Error('a mistake');
        return http.request(request, options);
      },
    },
  };
  const target = { kind: 'url', url: router.descriptionUrl } as const;
  const only = ['wanip/nat-rsip', 'wanip/external-ip'];
  const report = (await runConformance(breaking, target, { only }))._unsafeUnwrap();
  expect(resultOf(report, 'wanip/nat-rsip')).toMatchObject({
    verdict: 'inconclusive',
    actual: 'an internal error in the check: Error: a mistake',
  });
  expect(resultOf(report, 'wanip/external-ip')).toMatchObject({ verdict: 'pass' });
});
