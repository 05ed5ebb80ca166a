/** The device description. */
import { type Mutant, onRequest, rewrites, isFor } from '../mutants/mutant.ts';
import type { ServiceOutline, DeviceOutline, GatewayOptions } from '@portwright/transport-mock';
import { headerValue } from '@portwright/core';
import { err, ok, Result } from '@portwright/core/result';
import type { Bench } from '../bench/bench.ts';
import { type DescribedService, onHost } from '../bench/subject.ts';
import { genaRequest } from '../bench/subscription.ts';
import { expectThat, given, inconclusive, missed, type Shortfall } from '../shortfall.ts';
import { excerpt, hostOf, latin1, readUtf8 } from '../wire/text.ts';
import { childOf, descendantsOf, textOf } from '../wire/xml-queries.ts';
import { readXml, type XmlElement } from '../wire/xml.ts';
import type { Checks } from './check.ts';
import { anyReply } from './ssdp-search.ts';

const CONNECTION: ServiceOutline = { type: 'WANIPConnection:2', id: 'WANIPConn1' };
const LINK: ServiceOutline = { type: 'WANCommonInterfaceConfig:1', id: 'WANCommonIFC1' };
/** A gateway with other devices inside of the root. */
const withDevices = (...devices: readonly DeviceOutline[]): GatewayOptions => ({
  description: {
    outline: {
      type: 'InternetGatewayDevice:2',
      services: [{ type: 'Layer3Forwarding:1', id: 'L3Forwarding1' }],
      devices,
    },
  },
});
const inDescription = (rewrite: (text: string) => string): NonNullable<Mutant['hooks']> =>
  rewrites(isFor('description'), rewrite);

export const DESCRIPTION_CHECKS: Checks = {
  'desc/get-200-xml': {
    sentence: 'The gateway answers GET of the description URL with 200 and a document that begins like XML.',
    clause: 'UDA 1.0, 2 (Description)',
    level: 'must',
    kind: 'read',
    async *check(bench) {
      const { status, body } = yield* bench.get(bench.subject.location);
      yield* expectThat(status === 200, '200', `HTTP ${status}`);
      const begins = /^(?:\xef\xbb\xbf)?\s*</.test(latin1(body));
      yield* expectThat(begins, 'a document that begins with <', excerpt(latin1(body)));
    },
    mutant: {
      what: 'the description comes with 203',
      hooks: onRequest(isFor('description'), (_context, proceed) => ({ ...proceed(), status: 203 })),
    },
  },

  'desc/content-type': {
    sentence: 'The description has CONTENT-TYPE text/xml.',
    clause: 'UDA 1.0, 2 (Description: Retrieving a description)',
    level: 'should',
    kind: 'read',
    async *check(bench) {
      const { headers } = yield* given(bench.get(bench.subject.location));
      const type = headerValue(headers, 'CONTENT-TYPE') ?? '(absent)';
      yield* expectThat(/^\s*text\/xml\s*(?:;|$)/i.test(type), 'CONTENT-TYPE: text/xml', type);
    },
    mutant: {
      what: 'the description is application/octet-stream',
      hooks: onRequest(isFor('description'), (_context, proceed) => {
        const answer = proceed();
        const headers = answer.headers.filter(([name]) => name !== 'CONTENT-TYPE');
        return { ...answer, headers: [...headers, ['CONTENT-TYPE', 'application/octet-stream']] };
      }),
    },
  },

  'desc/wellformed-utf8': {
    sentence: 'The description is well-formed XML in UTF-8.',
    clause: 'UDA 1.0, 2.1; XML 1.0, 2.1',
    level: 'must',
    kind: 'read',
    async *check(bench) {
      const { body } = yield* given(bench.get(bench.subject.location));
      const read = readUtf8(body).andThen(readXml);
      yield* expectThat(read.isOk(), 'well-formed XML in UTF-8', read.isErr() ? read.error : '');
    },
    mutant: {
      what: 'a name has a Latin-1 byte',
      hooks: onRequest(isFor('description'), (_context, proceed) => {
        const answer = proceed();
        const at = answer.body.indexOf(0x53, answer.body.length / 8);
        return { ...answer, body: answer.body.map((byte, index) => (index === at ? 0xe9 : byte)) };
      }),
    },
  },

  'desc/root-namespace': {
    sentence: 'The root element of the description is <root> in urn:schemas-upnp-org:device-1-0.',
    clause: 'UDA 1.0, 2.1',
    level: 'must',
    kind: 'read',
    async *check(bench) {
      const { root } = yield* bench.description();
      const expected = 'urn:schemas-upnp-org:device-1-0';
      const isRight = root.name === 'root' && root.namespace === expected;
      yield* expectThat(isRight, `<root> in ${expected}`, `<${root.name}> in ${root.namespace}`);
    },
    mutant: {
      what: 'the root is in a namespace of its own',
      hooks: inDescription((text) =>
        text.replace('urn:schemas-upnp-org:device-1-0', 'urn:schemas-upnp-org:device-1-1'),
      ),
    },
  },

  'desc/required-fields': {
    sentence:
      'Every device has deviceType, friendlyName, manufacturer, modelName and a unique UDN; the UDN of the root device is the one in USN.',
    clause: 'UDA 1.0, 2.1 and 1.1.2',
    level: 'must',
    kind: 'read',
    async *check(bench) {
      const { root } = yield* bench.description();
      for (const device of descendantsOf(root, 'device')) {
        const absent = REQUIRED_FIELDS.filter((name) => (textOf(device, name) ?? '') === '');
        const type = textOf(device, 'deviceType') ?? '';
        yield* expectThat(absent.length === 0, `${REQUIRED_FIELDS.join(', ')} in ${type}`, `no ${absent.join(', ')}`);
      }
      const udns = descendantsOf(root, 'device').map((device) => textOf(device, 'UDN')?.toLowerCase());
      const [twice] = udns.filter((one, at) => udns.indexOf(one) !== at);
      yield* expectThat(twice === undefined, 'a different UDN for each device', `${twice ?? ''} occurs more than once`);
      const udn = textOf(childOf(root, 'device') ?? root, 'UDN') ?? '';
      // Whether it answers at all, and has a USN then, is asked elsewhere.
      const usn = (yield* await anyReply(bench)).header('USN');
      if (usn === undefined) return yield* inconclusive('an answer with a USN', 'an answer without a USN');
      yield* expectThat(usn.split('::')[0]?.toLowerCase() === udn.toLowerCase(), `the UDN of USN, ${usn}`, udn);
    },
    mutant: {
      what: 'a device has no manufacturer',
      hooks: inDescription((text) => text.replace(/<manufacturer>[^<]*<\/manufacturer>/, '')),
    },
  },

  'desc/urlbase-optional': {
    sentence: 'URLBase is absent, or an absolute URL with which the URLs of the gateway work.',
    clause: 'UDA 1.0, 2.1; removed by UDA 1.1',
    level: 'may',
    kind: 'read',
    async *check(bench) {
      const { root } = yield* bench.description();
      const base = textOf(root, 'URLBase');
      if (base === null) return;
      if (hostOf(base) === null) return yield* missed('an absolute http URL in URLBase', excerpt(base));
      // UDA 1.0, 2.1: relative URLs are resolved against it; so the first relative one has to lead somewhere.
      const relative = descendantsOf(root, 'SCPDURL')
        .map(({ text }) => text.trim())
        .find((url) => url !== '' && !/^\w+:/.test(url));
      if (relative === undefined) return;
      if (!URL.canParse(relative, base)) return yield* missed('an absolute http URL in URLBase', excerpt(base));
      const resolved = new URL(relative, base).href;
      const { status } = yield* bench.get(resolved);
      yield* expectThat(status === 200, `200 for ${resolved}`, `HTTP ${status}`);
    },
    mutant: {
      what: 'URLBase is a path',
      hooks: inDescription((text) => text.replace('<device>', '<URLBase>/upnp</URLBase><device>')),
    },
  },

  'desc/tree': {
    sentence:
      'The root device is an InternetGatewayDevice that contains a WANDevice, which contains a WANConnectionDevice.',
    clause: 'InternetGatewayDevice:1 and :2, 2.2 (Device Model)',
    level: 'must',
    kind: 'read',
    async *check(bench) {
      const { root } = yield* bench.description();
      const gateways = childrenOfType(root, 'InternetGatewayDevice');
      const wans = gateways.flatMap((device) => embeddedOfType(device, 'WANDevice'));
      const connections = wans.flatMap((device) => embeddedOfType(device, 'WANConnectionDevice'));
      const found = `${gateways.length}, ${wans.length} and ${connections.length} of them`;
      yield* expectThat(
        connections.length > 0,
        'an InternetGatewayDevice that contains a WANDevice, which contains a WANConnectionDevice',
        found,
      );
    },
    mutant: {
      what: 'the WANConnectionDevice is not in the WANDevice',
      options: withDevices(
        { type: 'WANDevice:2', services: [LINK] },
        { type: 'WANConnectionDevice:2', services: [CONNECTION] },
      ),
    },
  },

  'desc/wan-service': {
    sentence: 'A WANConnectionDevice has a WANIPConnection or a WANPPPConnection.',
    clause: 'WANConnectionDevice:1 and :2, 2.2 (Device Model)',
    level: 'must',
    kind: 'read',
    async *check(bench) {
      const { root } = yield* bench.description();
      const devices = descendantsOf(root, 'device').filter((device) => typeOf(device, 'WANConnectionDevice'));
      const types = devices.flatMap((device) =>
        (childOf(device, 'serviceList')?.children ?? []).map((service) => textOf(service, 'serviceType') ?? ''),
      );
      const isThere = types.some((type) => /^urn:schemas-upnp-org:service:WAN(?:IP|PPP)Connection:\d+$/.test(type));
      const expected = 'WANIPConnection or WANPPPConnection in a WANConnectionDevice';
      yield* expectThat(
        isThere,
        expected,
        types.length === 0 ? 'a WANConnectionDevice without either' : types.join(', '),
      );
    },
    mutant: {
      what: 'the connection is in the WANDevice',
      options: withDevices({
        type: 'WANDevice:2',
        services: [LINK, CONNECTION],
        devices: [{ type: 'WANConnectionDevice:2', services: [] }],
      }),
    },
  },

  'desc/urls-resolve': {
    sentence: 'SCPDURL, controlURL and eventSubURL of every service exist on the gateway.',
    clause: 'UDA 1.0, 2.1',
    level: 'must',
    kind: 'read',
    async *check(bench) {
      const { services } = bench.subject;
      if (services.length === 0) yield* inconclusive('services with URLs', 'no service can be read');
      for (const service of services) yield* await leadsSomewhere(bench, service);
    },
    mutant: { what: 'there are no SCPDs', options: { description: { hasScpds: false } } },
  },

  'desc/same-host': {
    sentence: 'Every URL of every service is on the host that gave the description.',
    clause:
      'A rule of this suite: with a URL on another host, a device could use its control points to attack that host',
    level: 'own',
    kind: 'read',
    async *check(bench) {
      // For the record: what it says is known already.
      yield* bench.description();
      const { services, host } = bench.subject;
      if (services.length === 0) yield* inconclusive('services with URLs', 'no service can be read');
      const urls = services.flatMap(({ scpdUrl, controlUrl, eventUrl }) => [scpdUrl, controlUrl, eventUrl]);
      const strays = urls.filter((url) => url !== null && hostOf(url) !== host);
      yield* expectThat(strays.length === 0, `every URL on ${host}`, strays.join(', '));
    },
    mutant: {
      what: 'an event URL names another host',
      hooks: inDescription((text) => text.replace('<eventSubURL>', '<eventSubURL>http://[fd77::1]:5000')),
    },
  },

  'desc/no-doctype': {
    sentence: 'The description has no DOCTYPE.',
    clause: 'A rule of this suite: a DOCTYPE has no use here, and careful parsers refuse it',
    level: 'own',
    kind: 'read',
    async *check(bench) {
      const { hasDoctype } = yield* bench.description();
      yield* expectThat(!hasDoctype, 'no DOCTYPE', 'a DOCTYPE');
    },
    mutant: {
      what: 'the description has a DOCTYPE',
      hooks: inDescription((text) => text.replace('<root', '<!DOCTYPE root>\r\n<root')),
    },
  },
};

const REQUIRED_FIELDS = ['deviceType', 'friendlyName', 'manufacturer', 'modelName', 'UDN'];

function typeOf(device: XmlElement, name: string): boolean {
  return new RegExp(`^urn:schemas-upnp-org:device:${name}:\\d+$`).test(textOf(device, 'deviceType') ?? '');
}

function childrenOfType(element: XmlElement, name: string): readonly XmlElement[] {
  return element.children.filter((child) => child.name === 'device' && typeOf(child, name));
}

function embeddedOfType(device: XmlElement, name: string): readonly XmlElement[] {
  const list = childOf(device, 'deviceList');
  return list === undefined ? [] : childrenOfType(list, name);
}

/** Whether each of a service's URLs is one that the gateway knows. */
async function leadsSomewhere(bench: Bench, service: DescribedService): Promise<Result<void, Shortfall>> {
  const { name, scpdUrl, eventUrl } = service;
  if (scpdUrl === null || service.controlUrl === null) {
    return missed(`SCPDURL and controlURL of ${name}`, 'a URL that can’t be resolved');
  }
  // That all of them are on the gateway's host is asked elsewhere. Another one is not asked anything.
  const urls = [scpdUrl, service.controlUrl, ...(eventUrl === null ? [] : [eventUrl])];
  const areOwn = Result.combine(urls.map((url) => onHost(url, service.host)));
  const bound = areOwn.andThen(() => bench.bind(service));
  if (bound.isErr()) return err(bound.error);
  const described = await bench.get(scpdUrl);
  if (described.isErr() || described.value.status !== 200) return missed(`200 for ${scpdUrl}`, statusOf(described));
  const { controlUrl, call } = bound.value;
  // An action that no service has: a control URL refuses it, and anything else does not know the URL.
  const called = await call('X_PortwrightNoSuchAction');
  const answer = called.map(({ response }) => response);
  if (!knows(answer)) return missed(`a control URL at ${controlUrl}`, statusOf(answer));
  // UDA 1.0, 2.1: without evented variables the element is empty.
  if (eventUrl === null) return ok(undefined);
  const headers = [['SID', 'uuid:00000000-0000-0000-0000-000000000000']] as const;
  const renewed = await bench.request(genaRequest('SUBSCRIBE', eventUrl, headers));
  return knows(renewed) ? ok(undefined) : missed(`an event URL at ${eventUrl}`, statusOf(renewed));
}

/** Whether a URL is one that takes such requests. */
function knows(answered: Result<{ readonly status: number }, Shortfall>): boolean {
  return answered.isOk() && ![404, 405, 501].includes(answered.value.status);
}

function statusOf(answered: Result<{ readonly status: number }, Shortfall>): string {
  return answered.isOk() ? `HTTP ${answered.value.status}` : answered.error.actual;
}
