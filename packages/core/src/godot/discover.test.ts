import { describe, expect, it } from 'vitest';
import { answer, answersTo, IGD1, router } from './fake-gateway.test-support.ts';
import { fakeNetwork, transportError, type FakeNetwork, type FakeNetworkOptions } from './fake-network.test-support.ts';
import { UPNPDevice } from './upnp-device.ts';
import { UPNP } from './upnp.ts';

const IGD2 = 'urn:schemas-upnp-org:device:InternetGatewayDevice:2';
const WANIP1 = 'urn:schemas-upnp-org:service:WANIPConnection:1';
const WANIP2 = 'urn:schemas-upnp-org:service:WANIPConnection:2';
const WANPPP1 = 'urn:schemas-upnp-org:service:WANPPPConnection:1';
const GATEWAYS = [IGD1, IGD2, WANIP1, WANIP2, WANPPP1, 'upnp:rootdevice'];

function start(options: FakeNetworkOptions = {}): { upnp: UPNP; network: FakeNetwork } {
  const network = fakeNetwork({ answers: answersTo(IGD1), respond: router(), ...options });
  return { upnp: new UPNP(network.transport), network };
}

describe('UPNP.discover', () => {
  it.each([
    ['timeout < 0', [-1]],
    ['timeout NaN', [Number.NaN]],
    ['ttl < 0', [2000, -1]],
    ['ttl > 255', [2000, 256]],
  ] as const)('%s gives INVALID_PARAM before the list is cleared', async (_what, args) => {
    const { upnp, network } = start();
    upnp.addDevice(new UPNPDevice());
    expect(await upnp.discover(...args)).toBe(22);
    expect(upnp.getDeviceCount()).toBe(1);
    expect(network.opened).toEqual([]);
  });

  it.each([0, 255])('ttl %i is good', async (ttl) => {
    const { upnp, network } = start();
    expect(await upnp.discover(2000, ttl)).toBe(0);
    expect(network.opened.map((options) => options.ttl)).toEqual([ttl, ttl]);
  });

  it('clears the list, searches, loads descriptions', async () => {
    const { upnp } = start();
    upnp.addDevice(new UPNPDevice());
    expect(await upnp.discover()).toBe(0);
    expect(upnp.getDeviceCount()).toBe(1);
    expect(upnp.getGateway()).toMatchObject({ igdStatus: 0, igdControlUrl: 'http://192.168.1.1:5000/ctl/IPConn' });
  });

  it('defaults: timeout 2000, ttl 2, deviceFilter "InternetGatewayDevice"', async () => {
    const { upnp, network } = start({ answers: answersTo(WANIP1) });
    expect(await upnp.discover()).toBe(0);
    expect(upnp.getDeviceCount()).toBe(0);
    expect(network.transport.clock.now()).toBe(2000);
    expect(network.opened[0]).toMatchObject({ family: 'ipv4', ttl: 2, localPort: 0 });
  });

  it.each([
    [0, 1000],
    [999, 1000],
    [1500, 1500],
    [1e9, 3_600_000],
  ])('timeout %i waits for %i ms', async (timeout, ms) => {
    const { upnp, network } = start();
    expect(await upnp.discover(timeout)).toBe(0);
    expect(network.transport.clock.now()).toBe(ms);
  });

  it('27 NO_DEVICES: no answer at all, and the list is cleared', async () => {
    const { upnp } = start({ answers: () => [] });
    upnp.addDevice(new UPNPDevice());
    expect(await upnp.discover()).toBe(27);
    expect(upnp.getDeviceCount()).toBe(0);
  });

  it('27 NO_DEVICES: what comes is no answer', async () => {
    expect(await start({ answers: () => ['hello'] }).upnp.discover()).toBe(27);
  });

  it('0 SUCCESS: an answer that must not be followed is an answer, and no device', async () => {
    const { upnp, network } = start({ answers: () => [answer(IGD1, 'https://192.168.1.1/rootDesc.xml')] });
    expect(await upnp.discover()).toBe(0);
    expect(upnp.getDeviceCount()).toBe(0);
    expect(network.requests).toEqual([]);
  });

  it('24 SOCKET_ERROR: no socket can be opened, or nothing be sent', async () => {
    expect(await start({ openFails: transportError('address-in-use') }).upnp.discover()).toBe(24);
    expect(await start({ openFails: transportError('not-permitted') }).upnp.discover()).toBe(24);
    expect(await start({ sendFails: transportError('unreachable') }).upnp.discover()).toBe(24);
  });

  it('25 MEM_ALLOC_ERROR: out of memory', async () => {
    expect(await start({ openFails: transportError('failed', 'ENOMEM') }).upnp.discover()).toBe(25);
  });

  it('28 UNKNOWN_ERROR: an unknown interface name', async () => {
    const { upnp } = start();
    upnp.discoverMulticastIf = 'nosuch0';
    expect(await upnp.discover()).toBe(28);
  });

  it('28 UNKNOWN_ERROR: aborted before, during, and while descriptions are loaded; the list is empty then', async () => {
    expect(await start().upnp.discover(2000, 2, '', AbortSignal.abort())).toBe(28);
    for (const during of ['search', 'GET'] as const) {
      const controller = new AbortController();
      const { upnp } = start({
        answers: (target) => {
          if (during === 'search') controller.abort();
          return answersTo(IGD1)(target);
        },
        respond: (request) => {
          if (during === 'GET') controller.abort();
          return router()(request);
        },
      });
      expect(await upnp.discover(2000, 2, '', controller.signal)).toBe(28);
      expect(upnp.getDeviceCount()).toBe(0);
    }
  });
});

describe('UPNP.discover, its properties', () => {
  it('discoverIpv6: false searches over IPv4 alone, true over IPv6 alone', async () => {
    const { upnp, network } = start({
      from: 'fd00::1',
      answers: (target) => [answer(target, 'http://[fd00::1]:5000/rootDesc.xml')],
    });
    upnp.discoverIpv6 = true;
    expect(await upnp.discover()).toBe(0);
    expect(network.opened.map(({ family }) => family)).toEqual(['ipv6']);
    expect(upnp.getDevice(0)).toMatchObject({
      descriptionUrl: 'http://[fd00::1]:5000/rootDesc.xml',
      igdControlUrl: 'http://[fd00::1]:5000/ctl/IPConn',
    });
  });

  it.each([
    [0, 0],
    [1, 1900],
    [40_123, 40_123],
    [65_535, 65_535],
    [-1, 0],
    [65_536, 0],
  ])('discoverLocalPort %i searches from port %i (0: the system chooses)', async (port, localPort) => {
    const { upnp, network } = start();
    upnp.discoverLocalPort = port;
    expect(await upnp.discover()).toBe(0);
    expect(network.opened[0]?.localPort).toBe(localPort);
  });

  it.each([
    ['eth0', ['eth0']],
    ['192.168.1.2', ['eth0']],
    ['lo', ['lo']],
    ['', ['eth0', 'tun0']],
  ])('discoverMulticastIf %j searches on %j', async (name, interfaces) => {
    const { upnp, network } = start();
    upnp.discoverMulticastIf = name;
    await upnp.discover();
    expect(network.opened.map(({ multicastInterface }) => multicastInterface?.name)).toEqual(interfaces);
  });
});

describe('UPNP.discover, the filter', () => {
  it.each([
    ['', GATEWAYS],
    ['InternetGatewayDevice', GATEWAYS],
    ['urn:schemas-upnp-org:device:InternetGatewayDevice:1', GATEWAYS],
    ['WANIPConnection', GATEWAYS],
    ['WANPPPConnection', GATEWAYS],
    ['rootdevice', GATEWAYS],
    ['GatewayDevice', ['ssdp:all']],
    ['internetgatewaydevice', ['ssdp:all']],
    ['MediaServer', ['ssdp:all']],
    ['uuid:1', ['ssdp:all']],
  ])('%j searches %j', async (filter, targets) => {
    const { upnp, network } = start();
    await upnp.discover(2000, 2, filter);
    expect(network.targets).toEqual(targets);
  });

  it.each([
    ['', [IGD1], 1],
    ['', ['upnp:rootdevice'], 1],
    ['InternetGatewayDevice', [IGD2], 1],
    ['InternetGatewayDevice', ['upnp:rootdevice'], 0],
    ['InternetGatewayDevice:2', [IGD1], 0],
    ['WANIPConnection', [IGD1, WANIP1], 1],
    ['WANPPPConnection', [IGD1, WANPPP1], 1],
    ['WANPPPConnection', [IGD1, WANIP1], 0],
    ['rootdevice', [IGD1, 'upnp:rootdevice'], 1],
  ])('%j in the targets that answered, %j: %i devices, and SUCCESS', async (filter, targets, count) => {
    const { upnp } = start({ answers: answersTo(...targets) });
    expect(await upnp.discover(2000, 2, filter)).toBe(0);
    expect(upnp.getDeviceCount()).toBe(count);
  });

  it.each([
    ['GatewayDevice', 1],
    ['gatewaydevice', 0],
    ['nosuchdevice', 0],
  ])('%j in what answers to ssdp:all, case-sensitively: %i devices, and SUCCESS', async (filter, count) => {
    const { upnp } = start({ answers: (target) => (target === 'ssdp:all' ? [answer(IGD1)] : []) });
    expect(await upnp.discover(2000, 2, filter)).toBe(0);
    expect(upnp.getDeviceCount()).toBe(count);
  });

  it('serviceType is the part of a device that answered to ssdp:all and that the filter names', async () => {
    const answers = (target: string): readonly string[] =>
      target === 'ssdp:all'
        ? ['uuid:1', IGD1, 'urn:schemas-upnp-org:service:Layer3Forwarding:1'].map((st) => answer(st))
        : [];
    const { upnp } = start({ answers });
    expect(await upnp.discover(2000, 2, 'Layer3')).toBe(0);
    expect(upnp.getDevice(0)?.serviceType).toBe('urn:schemas-upnp-org:service:Layer3Forwarding:1');
    expect(upnp.getGateway()).toBe(upnp.getDevice(0));
  });

  it('one device for each description, whatever it answers; serviceType is the first target asked for', async () => {
    const { upnp, network } = start({ answers: () => [WANIP2, IGD2, IGD1, 'upnp:rootdevice'].map((st) => answer(st)) });
    expect(await upnp.discover(2000, 2, '')).toBe(0);
    expect(upnp.getDeviceCount()).toBe(1);
    expect(upnp.getDevice(0)?.serviceType).toBe(IGD1);
    expect(network.requests.filter((request) => request.startsWith('GET'))).toHaveLength(1);
  });

  it('devices stand in the order of their first answers, those that fail among them', async () => {
    const { upnp } = start({
      answers: () => ['http://192.168.1.1/dead', 'http://192.168.1.1/alive'].map((url) => answer(IGD1, url)),
      respond: (request) => (request.url.endsWith('dead') ? transportError('timeout') : router()(request)),
    });
    expect(await upnp.discover()).toBe(0);
    expect([upnp.getDevice(0)?.igdStatus, upnp.getDevice(1)?.igdStatus]).toEqual([1, 0]);
    expect(upnp.getGateway()?.descriptionUrl).toBe('http://192.168.1.1/alive');
  });

  it('of two that run at once, the later one fills the list', async () => {
    const { upnp } = start();
    expect(await Promise.all([upnp.discover(3000), upnp.discover(1000)])).toEqual([0, 0]);
    expect(upnp.getDeviceCount()).toBe(1);
  });
});
