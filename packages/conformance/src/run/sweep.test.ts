import { expect, test } from 'vitest';
import { gatewayOf, onAction, success } from '../mutants/mutant.test-support.ts';
import { runConformance } from './run.ts';
import { sweep } from './sweep.ts';

type Router = ReturnType<typeof gatewayOf>;

const LEFT = 'portwright-conformance 0badcafe';

/** Puts a mapping in the table, as a run that crashed has left it, but for what is changed. */
function leave(
  router: Router,
  changes: { description?: string; externalPort?: number; internalClient?: string },
): void {
  const { externalPort = 41_234 } = changes;
  router.machine.gateway.connection.mappings.put({
    remoteHost: '',
    protocol: 'TCP',
    internalPort: externalPort,
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

test('what a crashed run has left is deleted', async () => {
  await using router = gatewayOf(null);
  const before = router.mappings();
  leave(router, {});
  leave(router, { externalPort: 41_235, description: `${LEFT} <a> & "b"` });
  leave(router, { externalPort: 41_236, description: LEFT.replace(' ', '.') });
  const swept = (await sweep(router.transport, targetOf(router)))._unsafeUnwrap();
  expect(swept.deleted.map(({ externalPort }) => externalPort)).toEqual([41_234, 41_235, 41_236]);
  expect(swept.left).toEqual([]);
  expect(router.mappings()).toEqual(before);
});

test.each([
  ['a description of somebody else’s', { description: 'a game' }],
  ['a description that only looks like it', { description: 'portwright-conformance' }],
  ['a name that goes on', { description: `${LEFT}0` }],
  ['another host', { internalClient: '192.168.1.3' }],
  ['a port below the suite’s', { externalPort: 39_999 }],
])('a mapping with %s is left alone', async (_what, changes) => {
  // Nothing of the gateway's would keep it from being deleted.
  await using router = gatewayOf({ what: '', options: { isSecure: false } });
  leave(router, changes);
  const before = router.mappings();
  const swept = (await sweep(router.transport, targetOf(router)))._unsafeUnwrap();
  expect(swept).toEqual({ deleted: [], left: [] });
  expect(router.mappings()).toEqual(before);
});

test('what the gateway does not delete is said', async () => {
  await using router = gatewayOf({ what: '', hooks: onAction('DeletePortMapping', () => success({})) });
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
