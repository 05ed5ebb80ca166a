import { describe, expect, test } from 'vitest';
import { gatewayOf } from '../mutants/mutant.test-support.ts';
import { onAction, rewrites, success } from '../mutants/mutant.ts';
import type { RunLedger } from './run-ledger.ts';
import { runConformance } from './run.ts';
import { sweep } from './sweep.ts';

type Router = ReturnType<typeof gatewayOf>;

const LEFT = 'portwright-conformance 0badcafe 192.168.1.2';
/** Of a gateway that cuts descriptions off. */
const CUT = 'portwright-conformance 0badcafe';
const OTHERS = 'portwright-conformance 0badcafe 192.168.1.3';

/** Puts a mapping in the table, as a run that crashed has left it, but for what is changed. */
function leave(
  router: Router,
  changes: { description?: string; externalPort?: number; internalClient?: string },
): void {
  const { externalPort = 41_234 } = changes;
  router.machine.gateway.connection.mappings.put({
    remoteHost: '',
    protocol: 'TCP',
    internalPort: 41_234,
    internalClient: '192.168.1.2',
    isEnabled: true,
    description: LEFT,
    expiresAt: Infinity,
    externalPort,
    ...changes,
  });
}

const targetOf = (router: Router): { readonly kind: 'url'; readonly url: string } => ({
  kind: 'url',
  url: router.descriptionUrl,
});

test('what a crashed run has left is deleted, whoever it leads to', async () => {
  await using router = gatewayOf({ what: '', options: { isSecure: false } });
  const before = router.mappings();
  leave(router, {});
  leave(router, { externalPort: 41_235, description: `${LEFT} <a> & "b"` });
  leave(router, { externalPort: 41_236, description: LEFT.replaceAll(' ', '.') });
  leave(router, { externalPort: 41_237, description: CUT });
  leave(router, { externalPort: 41_238, internalClient: '192.168.1.3' });
  leave(router, { externalPort: 41_239, internalClient: '192.168.1.254' });
  // AddAnyPortMapping grants any port.
  leave(router, { externalPort: 1_025 });
  const swept = (await sweep(router.transport, targetOf(router)))._unsafeUnwrap();
  const ports = swept.deleted.map(({ externalPort }) => externalPort).toSorted((one, other) => one - other);
  expect(ports).toEqual([1_025, 41_234, 41_235, 41_236, 41_237, 41_238, 41_239]);
  expect(swept.left).toEqual([]);
  expect(router.mappings()).toEqual(before);
});

test.each([LEFT, CUT])('so is the mapping of every port at once, described as %s', async (description) => {
  await using router = gatewayOf(null);
  const before = router.mappings();
  leave(router, { externalPort: 0, description });
  const swept = (await sweep(router.transport, targetOf(router)))._unsafeUnwrap();
  expect(swept).toMatchObject({ deleted: [{ externalPort: 0 }], left: [] });
  expect(router.mappings()).toEqual(before);
});

test('what leads to the second client is deleted by it, where nobody else may', async () => {
  await using router = gatewayOf({ what: '', options: { isSecure: true } });
  const before = router.mappings();
  leave(router, { internalClient: '192.168.1.3' });
  const secondClient = router.neighbour();
  const alone = (await sweep(router.transport, targetOf(router)))._unsafeUnwrap();
  expect(alone).toMatchObject({ deleted: [], left: [{ externalPort: 41_234 }] });
  const report = await runConformance(router.transport, targetOf(router), {
    write: true,
    only: ['desc/get-200-xml'],
    secondClient,
  });
  expect(report._unsafeUnwrap().swept).toMatchObject([{ externalPort: 41_234, internalClient: '192.168.1.3' }]);
  expect(router.mappings()).toEqual(before);
});

test('an entry that is no XML hides neither itself nor what is behind it', async () => {
  // There are gateways that write a description as it is, or a part of it.
  const unescaped = rewrites(
    ({ action }) => action === 'GetGenericPortMappingEntry',
    (text) => text.replaceAll('&lt;', '<').replaceAll('&gt;', '>').replaceAll('&quot;', '"').replaceAll('&amp;', '&'),
  );
  await using router = gatewayOf({ what: '', hooks: unescaped });
  const before = router.mappings();
  leave(router, { description: `${LEFT} </NewPortMappingDescription><a> & "b"` });
  leave(router, { externalPort: 41_236 });
  const swept = (await sweep(router.transport, targetOf(router)))._unsafeUnwrap();
  expect(swept.deleted).toMatchObject([
    { externalPort: 41_234, description: `${LEFT} </NewPortMappingDescription><a> & "b"` },
    { externalPort: 41_236, internalPort: 41_234, internalClient: '192.168.1.2', protocol: 'TCP' },
  ]);
  expect(router.mappings()).toEqual(before);
});

test.each([
  ['a description of somebody else’s', { description: 'a game' }],
  ['a description that only looks like it', { description: 'portwright-conformance' }],
  ['a name that goes on', { description: 'portwright-conformance 0badcafe0 192.168.1.2' }],
  ['a name cut off', { description: 'portwright-conformance 0badca' }],
  ['the description of another host’s run', { description: OTHERS }],
  ['that, to another host', { description: OTHERS, internalClient: '192.168.1.3' }],
  ['that of a host whose address begins alike', { description: `${LEFT}0` }],
  ['a description cut off, to another host', { description: CUT, internalClient: '192.168.1.3' }],
  ['a description cut off, and a port below the suite’s', { description: CUT, externalPort: 39_999 }],
])('a mapping with %s is left alone', async (_what, changes) => {
  // Nothing of the gateway's would keep it from being deleted.
  await using router = gatewayOf({ what: '', options: { isSecure: false } });
  leave(router, changes);
  const before = router.mappings();
  const swept = (await sweep(router.transport, targetOf(router)))._unsafeUnwrap();
  expect(swept).toEqual({ deleted: [], left: [] });
  expect(router.mappings()).toEqual(before);
});

describe('a run of this host that goes on', () => {
  const ledger: RunLedger = {
    enter: () => Promise.resolve(() => Promise.resolve()),
    has: (run) => Promise.resolve(run === '0badcafe'),
  };

  test('keeps its mappings', async () => {
    await using router = gatewayOf(null);
    leave(router, {});
    leave(router, { externalPort: 41_235, description: LEFT.replace('0badcafe', '0badcaff') });
    const swept = (await sweep(router.transport, targetOf(router), { ledger }))._unsafeUnwrap();
    expect(swept).toMatchObject({ deleted: [{ externalPort: 41_235 }], left: [] });
  });

  test('may take them back and make others while another one is checking', async () => {
    await using router = gatewayOf(null);
    leave(router, {});
    const { mappings } = router.machine.gateway.connection;
    const options = { write: true, only: ['wanip/delete'], ledger };
    const checking = runConformance(router.transport, targetOf(router), {
      ...options,
      onCheck: () => {
        for (const mapping of mappings.ofPort(41_234, 'TCP')) mappings.remove([mapping]);
        leave(router, { externalPort: 41_235 });
      },
    });
    expect((await checking)._unsafeUnwrap()).toMatchObject({
      swept: [],
      table: { missing: [], extra: [], others: [{ externalPort: 41_235 }] },
      isGood: true,
    });
  });

  test('is entered in the ledger for as long as it may write, and one that only reads is not', async () => {
    await using router = gatewayOf(null);
    const told: string[] = [];
    const writing: RunLedger = {
      enter: (run) => {
        told.push(`enter ${run}`);
        return Promise.resolve(() => Promise.resolve(void told.push('leave')));
      },
      has: () => Promise.resolve(false),
    };
    const options = { only: ['wanip/delete'], ledger: writing, onCheck: () => void told.push('check') };
    const { run } = (
      await runConformance(router.transport, targetOf(router), { ...options, write: true })
    )._unsafeUnwrap();
    expect(told).toEqual([`enter ${run}`, 'check', 'leave']);
    told.length = 0;
    expect((await runConformance(router.transport, targetOf(router), options)).isOk()).toBe(true);
    expect(told).toEqual(['check']);
  });
});

test('what the gateway does not delete is said', async () => {
  await using router = gatewayOf({ what: '', version: 1, hooks: onAction('DeletePortMapping', () => success({})) });
  leave(router, {});
  const swept = (await sweep(router.transport, targetOf(router)))._unsafeUnwrap();
  expect(swept).toMatchObject({ deleted: [], left: [{ externalPort: 41_234 }] });
});

test('a run that may write begins with it, and one that may not does not', async () => {
  await using router = gatewayOf(null);
  const before = router.mappings();
  leave(router, {});
  const only = ['desc/get-200-xml'];
  const read = (await runConformance(router.transport, targetOf(router), { only }))._unsafeUnwrap();
  expect(read.swept).toEqual([]);
  const written = (await runConformance(router.transport, targetOf(router), { only, write: true }))._unsafeUnwrap();
  expect(written).toMatchObject({ swept: [{ externalPort: 41_234 }], isGood: true });
  expect(router.mappings()).toEqual(before);
});
