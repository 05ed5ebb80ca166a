/** What is a gateway to be checked, and what is none. */
import type { FaultDefinition } from '@portwright/transport-mock';
import { expect, test } from 'vitest';
import { gatewayOf } from '../mutants/mutant.test-support.ts';
import { isFor, onRequest, plain, rewrites, withBody } from '../mutants/mutant.ts';
import { findTarget } from './target.ts';

const URL = 'http://192.168.1.1:5000/description.xml';

const body = (text: string): FaultDefinition['hooks'] => rewrites(isFor('description'), () => text);
const answers = (status: number, headers: readonly (readonly [string, string])[] = []): FaultDefinition['hooks'] =>
  onRequest(isFor('description'), () => plain(status, headers));

test.each<readonly [what: string, hooks: FaultDefinition['hooks'], found: string]>([
  ['not found', answers(404), 'HTTP 404'],
  ['a redirect', answers(302, [['LOCATION', '/login']]), 'HTTP 302, which redirects to "/login"'],
  ['a failure', answers(500), 'HTTP 500'],
  ['not found, with a description', onRequest(isFor('description'), (_, go) => ({ ...go(), status: 404 })), 'HTTP 404'],
  ['nothing', body('\r\n'), 'nothing'],
  ['a page', body('<!doctype html><title>Log in</title>'), '"<!doctype html><title>Log in</title>"'],
  ['a page of an application', body('<html><app-root></app-root></html>'), '"<html><app-root></app-root></html>"'],
  ['a service description', body('<scpd><actionList/></scpd>'), '"<scpd><actionList/></scpd>"'],
  ['an escape sequence', body('\u001b[2J'), '"·[2J"'],
])('%s is no gateway, and it is asked nothing else', async (_what, hooks, found) => {
  await using router = gatewayOf({ what: 'no description', hooks });
  const error = (await findTarget(router.transport, { kind: 'url', url: URL }))._unsafeUnwrapErr();
  expect(error).toMatchObject({
    kind: 'malformed',
    code: 'description',
    message: `expected a device description at ${URL}, found ${found}`,
    hint: expect.stringContaining('LOCATION') as string,
  });
  expect(router.exchanges()).toHaveLength(1);
});

test.each([
  ['is cut off', '<?xml version="1.0"?><root xmlns="urn:schemas-upnp-org:device-1-0"><device><devi'],
  ['ends at its root', '<?xml version="1.0"?><root'],
  ['has a prefix, and an end that is missing', '<d:root xmlns:d="urn:schemas-upnp-org:device-1-0"><d:device>'],
  ['has a root of another name', '<device><deviceType>x</deviceType></device>'],
  ['is in UTF-16', Array.from('<root><device/></root>', (letter) => `${letter}\0`).join('')],
])('a description that %s is for the checks', async (_what, text) => {
  await using router = gatewayOf({
    what: 'a description',
    hooks: onRequest(isFor('description'), (_context, proceed) => withBody(proceed(), text)),
  });
  const { subject } = (await findTarget(router.transport, { kind: 'url', url: URL }))._unsafeUnwrap();
  expect(subject).toMatchObject({ location: URL, services: [] });
});

const device = (type: string): string =>
  '<root xmlns="urn:schemas-upnp-org:device-1-0"><specVersion><major>1</major><minor>0</minor></specVersion><device>' +
  `<deviceType>${type}</deviceType><friendlyName>It</friendlyName><UDN>uuid:1</UDN></device></root>`;

test('another device is none, and it is asked nothing else', async () => {
  await using router = gatewayOf({
    what: 'a media player',
    hooks: body(device('urn:schemas-upnp-org:device:MediaRenderer:1')),
  });
  expect((await findTarget(router.transport, { kind: 'url', url: URL }))._unsafeUnwrapErr()).toMatchObject({
    kind: 'no-gateway',
    code: 'none-usable',
    message: `expected a gateway at ${URL}, found "MediaRenderer"`,
    hint: expect.stringContaining('LOCATION') as string,
  });
  expect(router.exchanges()).toHaveLength(1);
});

test.each([
  ['says that it is a gateway', 'urn:schemas-upnp-org:device:InternetGatewayDevice:1'],
  ['does not say what it is', ''],
])('one without a connection that %s is for the checks', async (_what, type) => {
  await using router = gatewayOf({ what: 'no services', hooks: body(device(type)) });
  const { subject, connection } = (await findTarget(router.transport, { kind: 'url', url: URL }))._unsafeUnwrap();
  expect(subject.description?.device.friendlyName).toBe('It');
  expect(connection).toBeNull();
});
