import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { TRANSPORT, type HttpResponse, type Transport } from '@portwright/core';
import { okAsync } from '@portwright/core/result';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { run, runJson, simulated } from '../host.test-support.ts';

const folder = { path: '' };

beforeAll(() => {
  folder.path = mkdtempSync(join(tmpdir(), 'portwright-describe-'));
});

afterAll(() => {
  rmSync(folder.path, { recursive: true });
});

function file(content: string): string {
  const path = join(folder.path, 'description.xml');
  writeFileSync(path, content);
  return path;
}

const service = (name: string, controlUrl: string): string =>
  `<service><serviceType>urn:schemas-upnp-org:service:${name}:1</serviceType><controlURL>${controlUrl}</controlURL></service>`;

const description = (services: string, urlBase = ''): string => `<?xml version="1.0"?>
<root xmlns="urn:schemas-upnp-org:device-1-0"><specVersion><major>1</major><minor>0</minor></specVersion>${urlBase}
<device><deviceType>urn:schemas-upnp-org:device:InternetGatewayDevice:1</deviceType><friendlyName>Router</friendlyName>
<deviceList><device><deviceType>urn:schemas-upnp-org:device:WANDevice:1</deviceType><serviceList>${services}</serviceList>
</device></deviceList></device></root>`;

describe('describe', () => {
  it('shows the device tree, the service that is used, and why', async () => {
    const { container, router } = simulated({ connectionService: 'ip-and-ppp' });
    const { status, stdout, stderr } = await run(['describe', router.descriptionUrl], { container, isTTY: true });
    expect({ status, stderr }).toEqual({ status: 0, stderr: '' });
    expect(stdout).toMatchSnapshot();
  });

  it('as JSON', async () => {
    const { container, router } = simulated();
    const { status, json } = await runJson(['describe', router.descriptionUrl], { container });
    expect(status).toBe(0);
    expect(json).toMatchObject({
      location: router.descriptionUrl,
      isLocationGuessed: false,
      device: { deviceType: 'urn:schemas-upnp-org:device:InternetGatewayDevice:2', devices: [{ devices: [{}] }] },
      used: { connectionName: 'WANIPConnection' },
      why: 'It is the only usable connection service.',
      alternatives: [],
      rejected: [],
    });
  });

  it('says why a service is turned down', async () => {
    const path = file(
      description(service('WANIPConnection', 'http://evil.example/') + service('WANPPPConnection', '')),
    );
    const { status, stdout } = await run(['describe', path, '--location', 'http://192.168.1.1:80/d.xml'], {
      isTTY: true,
    });
    expect(status).toBe(0);
    // Core's own words are tested there.
    expect(stdout.replace(/(?<=evil\.example\/" )[^.]+/, 'WHY')).toMatchSnapshot();
  });

  it('warns of a description that is not well-formed, and shows its services', async () => {
    const damaged = description(service('WANIPConnection', '/c')).replace('>Router<', '>Router <info><');
    const { status, stdout, stderr } = await run(['describe', file(damaged)]);
    expect(status).toBe(0);
    expect(stdout).toContain('WANIPConnection:1 maps ports:');
    expect(stderr).toMatch(
      /^warning: the device description is not well-formed XML at line 3: ".+"\. .*firmware.*\n$/i,
    );
    expect((await runJson(['describe', file(damaged)])).json).toMatchObject({
      damage: { where: 'line 3' },
      warnings: [expect.stringContaining('not well-formed')],
    });
  });

  it('shows what is no gateway', async () => {
    const path = file(description(service('ContentDirectory', '/c')));
    const { status, stdout } = await run(['describe', path]);
    expect(status).toBe(0);
    expect(stdout).toContain('\nNo service can map ports.\n');
    expect((await runJson(['describe', path])).json).toMatchObject({ used: null, rejected: [expect.any(String)] });
  });

  it.each([
    [
      'URLBase',
      description(service('WANIPConnection', '/c'), '<URLBase>http://192.168.1.9:49152/</URLBase>'),
      'http://192.168.1.9:49152/',
    ],
    [
      'an absolute control URL',
      description(service('WANIPConnection', 'http://192.168.1.8/c')),
      'http://192.168.1.8/c',
    ],
    ['nothing at all', description(service('WANIPConnection', '/c')), 'http://192.0.2.1/'],
  ])('takes the location of a file from %s', async (_what, content, location) => {
    const { status, json } = await runJson(['describe', file(content)]);
    expect(status).toBe(0);
    expect(json).toMatchObject({ location, isLocationGuessed: true, used: { connectionName: 'WANIPConnection' } });
  });

  it.each([
    ['no/such/file', 'file', 'ENOENT', 'no/such/file: no such file'],
    ['192.168.1.1:5000/desc.xml', 'file', 'ENOENT', '192.168.1.1:5000/desc.xml: no such file'],
    ['/', 'file', 'EISDIR', '/: is a directory'],
  ])('%s: %s', async (source, kind, code, message) => {
    const { container } = simulated();
    const { status, stdout, stderr } = await run(['describe', source], { container });
    expect({ status, stdout }).toEqual({ status: 1, stdout: '' });
    expect(stderr).toContain(`portwright: ${message}`);
    expect((await runJson(['describe', source], { container })).json).toMatchObject({ error: { kind, code } });
  });

  it('a URL without http:// is recognized for what it is', async () => {
    const { stderr } = await run(['describe', '192.168.1.1:5000/desc.xml']);
    expect(stderr).toContain('  Pass the path of a file, or a URL that starts with http://.\n');
  });

  it('says what is wrong with a document', async () => {
    const { status, stderr } = await run(['describe', file('<root><device>')]);
    expect(status).toBe(1);
    expect(stderr).toMatch(
      /^portwright: the device description in .* can't be read: malformed xml at .*: expected .*, found /,
    );
  });

  it.each([
    ['a page', '<html><body></body></html>', 'it begins with "<html><body></body></html>"'],
    ['notes', 'buy milk\n', 'it begins with "buy milk"'],
    ['JSON', '{"a": 1}', 'it begins with "{"a": 1}"'],
    ['nothing', '', 'it is empty'],
  ])('says that a file with %s is no description', async (_what, content, found) => {
    const path = file(content);
    for (const argv of [
      ['describe', path],
      ['describe', path, '--location', 'http://192.168.1.1/'],
    ]) {
      const { status, stdout, stderr } = await run(argv);
      expect({ status, stdout }).toEqual({ status: 1, stdout: '' });
      expect(stderr).toMatch(/\n {2}A device description is the XML document of a router\. /);
      expect(stderr).toContain(`portwright: ${path} is not a device description: ${found}\n`);
    }
    expect((await runJson(['describe', path])).json).toMatchObject({ error: { kind: 'malformed' } });
  });
});

describe('describe from the network', () => {
  const answers = (...responses: readonly Partial<HttpResponse>[]): ReturnType<typeof simulated>['container'] => {
    const { container } = simulated();
    const whole = container.resolve<Transport>(TRANSPORT);
    const left = [...responses];
    const http: Transport['http'] = {
      request: () =>
        okAsync({ status: 200, headers: [], body: new TextEncoder().encode(description('')), ...left.shift() }),
    };
    return container.createChildContainer().register(TRANSPORT, { useValue: { ...whole, http } });
  };
  const url = 'http://192.168.1.1/';

  it('follows one redirect on the same host', async () => {
    const redirect = { status: 302, headers: [['Location', '/other.xml']] } as const;
    const { status, json } = await runJson(['describe', url], { container: answers(redirect) });
    expect(status).toBe(0);
    expect(json).toMatchObject({ location: 'http://192.168.1.1/other.xml' });
    const twice = await runJson(['describe', url], { container: answers(redirect, redirect) });
    expect(twice.json).toMatchObject({ error: { kind: 'policy', code: 'redirect-refused' } });
  });

  it('no redirect to another host', async () => {
    const container = answers({ status: 301, headers: [['Location', 'http://192.168.1.2/']] });
    expect((await runJson(['describe', url], { container })).json).toMatchObject({ error: { kind: 'policy' } });
  });

  it.each<readonly [what: string, response: Partial<HttpResponse>, found: string]>([
    ['a page', { body: new TextEncoder().encode('<html><body></body></html>') }, '"<html>"'],
    ['nothing', { body: new Uint8Array() }, 'nothing'],
    ['an HTTP status', { status: 500 }, 'HTTP 500'],
  ])('tells of %s in place of a description', async (_what, response, found) => {
    const place = `portwright: there is no device description at ${url}, but ${found}\n`;
    // A 500 is asked four times.
    const container = (): ReturnType<typeof answers> => answers(response, response, response, response);
    expect(await run(['describe', url], { container: container() })).toEqual({
      status: 1,
      stdout: '',
      stderr: `${place}  Check the URL. The discover command shows the URLs on this network.\n`,
    });
    expect(await run(['map', '7777', '--gateway', url], { container: container() })).toEqual({
      status: 1,
      stdout: '',
      stderr: `${place}  Check the URL, or leave out --gateway to search for the router.\n`,
    });
  });

  it('tells where a description is broken', async () => {
    const container = answers({ body: new TextEncoder().encode('<root><device><devi') });
    const { stderr } = await run(['list', '--gateway', url], { container });
    expect(stderr).toMatch(
      /^portwright: the device description at http:\/\/192\.168\.1\.1\/ can't be read: malformed xml at the end: expected /,
    );
  });

  it('asks whether it is the URL where nobody answers there', async () => {
    const { container } = simulated();
    const { status, stderr } = await run(['list', '--gateway', 'http://192.168.1.99/'], { container });
    expect(status).toBe(1);
    expect(stderr).toMatch(
      /192\.168\.1\.99.*\n {2}Check the URL, or leave out --gateway to search for the router\.\n$/s,
    );
  });

  it('tells of an HTTP status', async () => {
    const { status, json } = await runJson(['describe', url], { container: answers({ status: 404 }) });
    expect(status).toBe(1);
    expect(json).toMatchObject({ error: { kind: 'transport', code: 'http-status', status: 404 } });
  });
});
