/** Answers of routers that name their host otherwise than it is reached, or are written in an odd form. */
import {
  MemoryNetwork,
  quietHost,
  simulateGateway,
  type HttpOutcome,
  type NetworkHost,
} from '@portwright/transport-mock';
import { describe, expect, it } from 'vitest';
import { encodeUtf8 } from '../bytes.ts';
import { discover } from './discover.ts';
import { findGateway } from './find-gateway.ts';

const ROUTER = '192.168.1.1';
const OWN = `http://${ROUTER}:5000`;

const answer = (location: string): string =>
  `HTTP/1.1 200 OK\r\nCACHE-CONTROL: max-age=120\r\nEXT:\r\nST: upnp:rootdevice\r\nUSN: uuid:1\r\nLOCATION: ${location}\r\n\r\n`;

/** @param base - what stands before each path */
const description = (base: string, urlBase = ''): string =>
  `<root xmlns="urn:schemas-upnp-org:device-1-0">${urlBase}<device><deviceType>urn:schemas-upnp-org:device:InternetGatewayDevice:1</deviceType>
<friendlyName>odd</friendlyName><UDN>uuid:1</UDN><serviceList><service>
<serviceType>urn:schemas-upnp-org:service:WANIPConnection:1</serviceType><serviceId>urn:upnp-org:serviceId:WANIPConn1</serviceId>
<SCPDURL>${base}scpd.xml</SCPDURL><controlURL>${base}ctl</controlURL><eventSubURL>${base}evt</eventSubURL></service></serviceList></device></root>`;

const RESPONSES: Readonly<Record<string, string>> = {
  GetStatusInfo:
    '<NewConnectionStatus>Connected</NewConnectionStatus><NewLastConnectionError>ERROR_NONE</NewLastConnectionError><NewUptime>1</NewUptime>',
  GetExternalIPAddress: '<NewExternalIPAddress>5.6.7.8</NewExternalIPAddress>',
};

/** A router at 192.168.1.1. It writes down what it is asked for. */
function router(text: string, body: string, asked: string[]): NetworkHost {
  const respond = (xml: string): HttpOutcome => ({
    kind: 'response',
    response: { status: 200, headers: [], body: encodeUtf8(xml) },
    delayMs: 0,
  });
  return {
    ...quietHost(ROUTER),
    datagram: () => [{ payload: encodeUtf8(text), from: { address: ROUTER, port: 1900 }, delayMs: 0 }],
    http: (_port, { method, url, headers }) => {
      asked.push(url);
      if (method === 'GET') return respond(body);
      const [, action = ''] = /#(\w+)/.exec(headers.find(([name]) => name === 'SOAPAction')?.[1] ?? '') ?? [];
      return respond(
        `<s:Envelope xmlns:s="http://schemas.xmlsoap.org/soap/envelope/"><s:Body><u:${action}Response xmlns:u="urn:schemas-upnp-org:service:WANIPConnection:1">${RESPONSES[action] ?? ''}</u:${action}Response></s:Body></s:Envelope>`,
      );
    },
  };
}

async function find(text: string, body = description('/')) {
  const network = new MemoryNetwork();
  network.defaultGateway = ROUTER;
  const asked: string[] = [];
  network.attach(router(text, body, asked));
  return { found: await findGateway(network.transport()), asked };
}

describe('a router is found whose answer', () => {
  it.each([
    ['ends without a line end', answer(`${OWN}/d.xml`).trimEnd()],
    ['ends with a NUL', `${answer(`${OWN}/d.xml`).trimEnd()}\0`],
    ['begins with an empty line', `\r\n${answer(`${OWN}/d.xml`)}`],
    ['has spaces around LOCATION', answer(`   ${OWN}/d.xml \t`)],
    ['has a space before the path of LOCATION', answer(`${OWN} /d.xml`)],
    ['has bare line feeds', answer(`${OWN}/d.xml`).replaceAll('\r', '')],
    ['has bare carriage returns', answer(`${OWN}/d.xml`).replaceAll('\n', '')],
    ['has no spaces, and lower-case names', answer(`${OWN}/d.xml`).toLowerCase().replaceAll(': ', ':')],
    ['is folded', answer(`${OWN}/d.xml`).replaceAll('LOCATION: ', 'LOCATION:\r\n\t')],
  ])('%s', async (_what, text) => {
    const { found, asked } = await find(text);
    expect(found.isOk()).toBe(true);
    expect(asked[0]).toBe(`${OWN}/d.xml`);
  });

  it.each([
    ['/my d.xml', '/my%20d.xml'],
    ['/ d.xml', '/d.xml'],
    ['/a/\t d\tx.xml', '/a/d%20x.xml'],
    ['/é.xml', '/%C3%A9.xml'],
  ])('has spaces or letters beyond ASCII in the path of LOCATION: %j', async (path, sent) => {
    expect((await find(answer(`${OWN}${path}`))).asked[0]).toBe(`${OWN}${sent}`);
  });

  it.each([
    'http://:5000/d.xml',
    'http://::1:5000/d.xml',
    'http://fe80::1:5000/d.xml',
    'http://fe80::1%eth0:5000/d.xml',
    'http://roüter:5000/d.xml',
    'http://my router:5000/d.xml',
    'http://[]:5000/d.xml',
    'http://<ip>:5000/d.xml',
  ])('names no host that can be read: %s', async (location) => {
    const { found, asked } = await find(answer(location));
    expect(found.isOk()).toBe(true);
    expect(asked[0]).toBe(`${OWN}/d.xml`);
  });

  it.each(['http:///d.xml', 'http://roüter/d.xml'])('names neither a host nor a port: %s', async (location) => {
    expect((await find(answer(location))).asked[0]).toBe(`http://${ROUTER}/d.xml`);
  });

  it.each([
    ['http://me@:5000/d.xml', 'bad-location'],
    ['http://roüter:22/d.xml', 'bad-location'],
    ['http://roüter:99999/d.xml', 'bad-location'],
    ['http://rou\\ter:5000/d.xml', 'bad-location'],
    ['ftp://roüter:5000/d.xml', 'bad-location'],
  ])('is refused for more than its host: %s', async (location, code) => {
    const { found, asked } = await find(answer(location));
    expect(found._unsafeUnwrapErr()).toMatchObject({ candidates: [{ code }] });
    expect(asked).toEqual([]);
  });
});

describe('a router whose LOCATION names', () => {
  const hosts = [
    '[::1]',
    '[fe80::1]',
    '127.0.0.1',
    '0.0.0.0',
    '169.254.100.156',
    '192.168.78.1',
    '8.8.8.8',
    'router.lan',
    'Router',
    '192.168.001.001',
  ];

  it.each(hosts)('%s is asked at its own address, and its control URLs there as well', async (host) => {
    for (const base of ['/', `http://${host}:5000/`, `${OWN}/`]) {
      const { found, asked } = await find(answer(`http://${host}:5000/d.xml`), description(base));
      const { gateway } = found._unsafeUnwrap();
      expect(new Set(asked)).toEqual(new Set([`${OWN}/d.xml`, `${OWN}/ctl`]));
      expect(gateway.services.connectionService).toMatchObject({
        controlUrl: `${OWN}/ctl`,
        scpdUrl: `${OWN}/scpd.xml`,
        eventSubUrl: `${OWN}/evt`,
      });
      expect(gateway.description).toMatchObject({
        location: `${OWN}/d.xml`,
        baseUrl: `${OWN}/d.xml`,
      });
    }
  });

  it('%s: URLBase on the same host counts, with its port and its path', async () => {
    const body = description('', '<URLBase>http://[::1]:2828/igd/</URLBase>');
    const { found, asked } = await find(answer('http://[::1]:5000/d.xml'), body);
    expect(found.isOk()).toBe(true);
    expect(new Set(asked)).toEqual(new Set([`${OWN}/d.xml`, `http://${ROUTER}:2828/igd/ctl`]));
  });

  it.each(['http://192.168.1.66:5000/', 'http://127.0.0.1:5000/', 'http://router.lan.evil:5000/'])(
    'its name gets no control URL called that is elsewhere: %s',
    async (base) => {
      const { found, asked } = await find(answer('http://router.lan:5000/d.xml'), description(base));
      expect(found._unsafeUnwrapErr()).toMatchObject({ candidates: [{ code: 'bad-service' }] });
      expect(asked).toEqual([`${OWN}/d.xml`]);
    },
  );

  it.each(['location-on-loopback', 'location-on-another-host', 'location-off-the-network'] as const)(
    'another host by the fault %s',
    async (fault) => {
      for (const family of ['ipv4', 'ipv6'] as const) {
        const simulated = simulateGateway();
        simulated.inject(fault);
        expect((await findGateway(simulated.transport, { families: [family] })).isOk()).toBe(true);
      }
    },
  );
});

describe('a description whose LOCATION named [::1] and whose URLBase names the router', () => {
  it('has its controls at the port of URLBase', async () => {
    const body = description('', `<URLBase>http://${ROUTER}:2828/igd/</URLBase>`);
    const { found, asked } = await find(answer('http://[::1]:5000/d.xml'), body);
    expect(found.isOk()).toBe(true);
    expect(new Set(asked)).toEqual(new Set([`${OWN}/d.xml`, `http://${ROUTER}:2828/igd/ctl`]));
  });
});

describe('a LOCATION that names another host of this network', () => {
  const OTHER = '192.168.1.66';
  const at = (delayMs: number, from: string, location: string) => ({
    payload: encodeUtf8(answer(location)),
    from: { address: from, port: 1900 },
    delayMs,
  });

  async function asked(...answers: readonly ReturnType<typeof at>[]) {
    const network = new MemoryNetwork();
    const requests: string[] = [];
    network.attach({ ...router('', description('/'), requests), datagram: () => answers });
    network.attach(quietHost(OTHER));
    const found = await discover(network.transport());
    return { requests, ...found._unsafeUnwrap() };
  }

  it.each([
    ['before', 0, 3],
    ['after', 3, 0],
    ['after the next look, as the second multicast group is searched then,', 300, 0],
  ])('is asked there alone, where the host answers by itself %s that', async (_when, own, others) => {
    const { devices, rejected } = await asked(at(own, ROUTER, `${OWN}/d.xml`), at(others, OTHER, `${OWN}/d.xml`));
    expect(devices.map(({ location }) => location)).toEqual([`${OWN}/d.xml`]);
    expect(rejected).toEqual([]);
  });

  it('is asked at the responder where that host does not answer, and both are named if that fails', async () => {
    const { requests, devices, rejected } = await asked(at(0, OTHER, `${OWN}/d.xml`));
    expect([requests, devices]).toEqual([[], []]);
    expect(rejected).toMatchObject([
      { code: 'bad-location', from: OTHER, location: `${OWN}/d.xml`, error: { code: 'foreign-host' } },
    ]);
    expect(rejected[0]?.reason).toMatch(/another host; at http:\/\/192\.168\.1\.66:5000\/d\.xml: /);
  });

  it('is told with a hint to use it if it is trusted', async () => {
    const network = new MemoryNetwork();
    network.attach({ ...quietHost(ROUTER), datagram: () => [at(0, ROUTER, 'http://192.168.1.9:5000/d.xml')] });
    expect((await findGateway(network.transport()))._unsafeUnwrapErr()).toMatchObject({
      code: 'none-usable',
      message: expect.stringMatching(
        /^192\.168\.1\.1 answered .* refused: "http:\/\/192\.168\.1\.9.*at http:\/\/192\.168\.1\.1/,
      ) as string,
      hint: expect.stringContaining('pass http://192.168.1.9:5000/d.xml to gatewayAt') as string,
    });
  });
});
