import { describe, expect, it } from 'vitest';
import { envelope, fault, router, success, type Says } from './fake-gateway.test-support.ts';
import { fakeNetwork, transportError, type FakeNetwork } from './fake-network.test-support.ts';
import type { IGDStatus } from './igd-status.ts';
import { UPNPDevice } from './upnp-device.ts';

const CONTROL_URL = 'http://192.168.1.1:5000/ctl/IPConn';

/** A device that is described by hand, as in Godot. */
function byHand(says?: Says, igdStatus: IGDStatus = 0): { device: UPNPDevice; network: FakeNetwork } {
  const network = fakeNetwork({ respond: router(says) });
  const device = new UPNPDevice(network.transport);
  device.igdControlUrl = CONTROL_URL;
  device.igdServiceType = 'urn:schemas-upnp-org:service:WANIPConnection:1';
  device.igdOurAddr = '192.168.1.2';
  device.igdStatus = igdStatus;
  return { device, network };
}

function aborted(): AbortSignal {
  return AbortSignal.abort();
}

describe('UPNPDevice', () => {
  it('new: descriptionUrl, igdControlUrl, igdOurAddr, igdServiceType and serviceType are empty, igdStatus is UNKNOWN_ERROR', () => {
    expect(new UPNPDevice()).toMatchObject({
      descriptionUrl: '',
      igdControlUrl: '',
      igdOurAddr: '',
      igdServiceType: '',
      igdStatus: 9,
      serviceType: '',
      transport: null,
    });
  });

  it.each([0, 1, 2, 3, 4, 5, 6, 7, 8, 9] as const)('isValidGateway: igdStatus %i, only OK is one', (status) => {
    expect(byHand({}, status).device.isValidGateway()).toBe(status === 0);
  });

  it('without a transport: the checks, then HTTP_ERROR', async () => {
    const device = new UPNPDevice();
    device.igdStatus = 0;
    expect(await device.addPortMapping(0)).toBe(17);
    expect(await device.addPortMapping(7777)).toBe(23);
    expect(await device.deletePortMapping(7777)).toBe(23);
    expect(await device.queryExternalAddress()).toBe('');
  });
});

describe('UPNPDevice.addPortMapping', () => {
  it('asks in specification order: RemoteHost empty, Enabled 1, and its arguments', async () => {
    const { device, network } = byHand();
    expect(await device.addPortMapping(7777, 8888, 'game', 'TCP', 3600)).toBe(0);
    expect(network.requests).toEqual([`AddPortMapping ${CONTROL_URL}`]);
    expect(network.bodies[0]).toContain(
      '<u:AddPortMapping xmlns:u="urn:schemas-upnp-org:service:WANIPConnection:1"><NewRemoteHost></NewRemoteHost><NewExternalPort>7777</NewExternalPort><NewProtocol>TCP</NewProtocol><NewInternalPort>8888</NewInternalPort><NewInternalClient>192.168.1.2</NewInternalClient><NewEnabled>1</NewEnabled><NewPortMappingDescription>game</NewPortMappingDescription><NewLeaseDuration>3600</NewLeaseDuration></u:AddPortMapping>',
    );
  });

  it('defaults: portInternal 0 (the same port), desc "" (the name of the library), proto "UDP", duration 0', async () => {
    const { device, network } = byHand();
    expect(await device.addPortMapping(7777)).toBe(0);
    expect(network.bodies[0]).toContain(
      '<NewProtocol>UDP</NewProtocol><NewInternalPort>7777</NewInternalPort><NewInternalClient>192.168.1.2</NewInternalClient><NewEnabled>1</NewEnabled><NewPortMappingDescription>Portwright</NewPortMappingDescription><NewLeaseDuration>0</NewLeaseDuration>',
    );
  });

  it('an empty desc is sent as the name of the library', async () => {
    const { device, network } = byHand();
    await device.addPortMapping(7777, 0, '');
    expect(network.bodies[0]).toContain('<NewPortMappingDescription>Portwright</NewPortMappingDescription>');
  });

  it('a desc with markup is escaped', async () => {
    const { device, network } = byHand();
    await device.addPortMapping(7777, 0, '<b>&');
    expect(network.bodies[0]).toContain('<NewPortMappingDescription>&lt;b&gt;&amp;</NewPortMappingDescription>');
  });

  it.each([1, 119, 120, 86_400, 172_800, 4_294_967_295])('duration %i is sent as it is', async (duration) => {
    const { device, network } = byHand();
    expect(await device.addPortMapping(7777, 0, '', 'UDP', duration)).toBe(0);
    expect(network.bodies[0]).toContain(`<NewLeaseDuration>${duration}</NewLeaseDuration>`);
  });

  it.each([
    [16, 'not a valid gateway, before all else', [0, -1, '', 'udp', -5], 9],
    [16, 'not a valid gateway: NO_IGD', [7777], 4],
    [17, 'port 0', [0], 0],
    [17, 'port -1', [-1], 0],
    [17, 'port 65536', [65_536], 0],
    [17, 'port 1.5', [1.5], 0],
    [17, 'port NaN', [Number.NaN], 0],
    [17, 'portInternal -1', [7777, -1], 0],
    [17, 'portInternal 65536', [7777, 65_536], 0],
    [17, 'the port before portInternal, proto and duration', [0, -1, '', 'udp', -5], 0],
    [17, 'portInternal before proto and duration', [7777, -1, '', 'udp', -5], 0],
    [18, 'proto "udp"', [7777, 0, '', 'udp'], 0],
    [18, 'proto "Tcp"', [7777, 0, '', 'Tcp'], 0],
    [18, 'proto ""', [7777, 0, '', ''], 0],
    [18, 'proto "SCTP"', [7777, 0, '', 'SCTP'], 0],
    [18, 'proto before duration', [7777, 0, '', 'udp', -5], 0],
    [19, 'duration -1', [7777, 0, '', 'UDP', -1], 0],
    [19, 'duration NaN', [7777, 0, '', 'UDP', Number.NaN], 0],
    [20, 'duration beyond 32 bits', [7777, 0, '', 'UDP', 4_294_967_296], 0],
  ] as const)('%i: %s, and nothing is sent', async (number, _what, args, status) => {
    const { device, network } = byHand({}, status);
    expect(await device.addPortMapping(...(args as unknown as [number]))).toBe(number);
    expect(network.requests).toEqual([]);
  });

  it.each([1, 65_535])('port and portInternal %i are sent', async (port) => {
    expect(await byHand().device.addPortMapping(port, port)).toBe(0);
  });

  it('a device that is DISCONNECTED gets mappings all the same', async () => {
    const { device } = byHand({}, 5);
    expect(device.isValidGateway()).toBe(false);
    expect(await device.addPortMapping(7777)).toBe(0);
    expect(await device.queryExternalAddress()).toBe('5.5.5.1');
  });

  it('goes by the properties as they are at that moment', async () => {
    const { device, network } = byHand();
    device.igdControlUrl = 'http://192.168.1.1:80/other';
    device.igdServiceType = 'urn:schemas-upnp-org:service:WANPPPConnection:1';
    device.igdOurAddr = '192.168.1.9';
    expect(await device.addPortMapping(7777)).toBe(0);
    expect(network.requests).toEqual(['AddPortMapping http://192.168.1.1:80/other']);
    expect(network.bodies[0]).toContain('xmlns:u="urn:schemas-upnp-org:service:WANPPPConnection:1"');
    expect(network.bodies[0]).toContain('<NewInternalClient>192.168.1.9</NewInternalClient>');
  });

  it('23: a control URL that is none, as miniupnpc has it', async () => {
    const { device } = byHand();
    device.igdControlUrl = '';
    expect(await device.addPortMapping(7777)).toBe(23);
  });

  it.each([
    [21, 'no XML', 'hello'],
    [21, 'nothing at all', ''],
    [21, 'another action’s response', success('DeletePortMapping')],
    [21, 'an envelope around nothing', envelope('')],
    [21, 'a web page', '<html><body>Please log in</body></html>'],
    [23, 'its own response under HTTP 500', { status: 500, body: success('AddPortMapping') }],
  ] as const)('%i, no success: %s', async (number, _what, reply) => {
    expect(await byHand({ AddPortMapping: reply }).device.addPortMapping(7777)).toBe(number);
  });

  it('no beginning of a success or of a fault is a success', async () => {
    const { body } = fault(718) as { body: string };
    for (const whole of [success('AddPortMapping'), body]) {
      for (let length = 0; length < whole.length; length += 1) {
        const { device } = byHand({ AddPortMapping: whole.slice(0, length) });
        expect(await device.addPortMapping(7777)).toBe(21);
      }
    }
  });

  it('calls wait for one another', async () => {
    const { device, network } = byHand();
    await Promise.all([device.addPortMapping(1), device.deletePortMapping(2), device.addPortMapping(3)]);
    expect(network.requests.map((request) => request.split(' ')[0])).toEqual([
      'AddPortMapping',
      'DeletePortMapping',
      'AddPortMapping',
    ]);
  });

  it('28: aborted, and nothing is sent', async () => {
    const { device, network } = byHand();
    expect(await device.addPortMapping(7777, 0, '', 'UDP', 0, aborted())).toBe(28);
    expect(network.requests).toEqual([]);
  });
});

describe('UPNPDevice.deletePortMapping', () => {
  it('asks in specification order; proto is "UDP" by default', async () => {
    const { device, network } = byHand();
    expect(await device.deletePortMapping(7777)).toBe(0);
    expect(network.bodies[0]).toContain(
      '<NewRemoteHost></NewRemoteHost><NewExternalPort>7777</NewExternalPort><NewProtocol>UDP</NewProtocol></u:DeletePortMapping>',
    );
  });

  it.each([
    [17, 'port 0', [0]],
    [17, 'port 65536', [65_536]],
    [17, 'the port before proto', [0, 'udp']],
    [18, 'proto "udp"', [7777, 'udp']],
  ] as const)('%i: %s, and nothing is sent', async (number, _what, args) => {
    const { device, network } = byHand({}, 9);
    expect(await device.deletePortMapping(...(args as readonly [number, string?]))).toBe(number);
    expect(network.requests).toEqual([]);
  });

  it.each([
    [4, fault(714)],
    [2, fault(730)],
    [1, fault(606)],
    [21, success('AddPortMapping')],
    [23, transportError('timeout')],
  ] as const)('%i comes from the gateway', async (number, reply) => {
    expect(await byHand({ DeletePortMapping: reply }).device.deletePortMapping(7777, 'TCP')).toBe(number);
  });

  it('28: aborted', async () => {
    expect(await byHand().device.deletePortMapping(7777, 'UDP', aborted())).toBe(28);
  });
});

describe('UPNPDevice.queryExternalAddress', () => {
  const address = (text: string): Says => ({
    GetExternalIPAddress: success('GetExternalIPAddress', `<NewExternalIPAddress>${text}</NewExternalIPAddress>`),
  });

  it.each(['5.5.5.1', '192.168.0.7', '2001:db8::1'])('%s', async (text) => {
    expect(await byHand(address(text)).device.queryExternalAddress()).toBe(text);
  });

  it.each([
    ['0.0.0.0', address('0.0.0.0')],
    ['what is no address', address('hello')],
    ['an empty one', address('')],
    ['a fault', { GetExternalIPAddress: fault(501) }],
    ['no answer', { GetExternalIPAddress: transportError('timeout') }],
    ['another answer', { GetExternalIPAddress: success('GetStatusInfo') }],
  ] as const)('"" for %s', async (_what, says) => {
    expect(await byHand(says).device.queryExternalAddress()).toBe('');
  });

  it('"" where the device is not a valid gateway, and nothing is sent', async () => {
    const { device, network } = byHand({}, 7);
    expect(await device.queryExternalAddress()).toBe('');
    expect(network.requests).toEqual([]);
  });

  it('"" when aborted', async () => {
    expect(await byHand().device.queryExternalAddress(aborted())).toBe('');
  });
});
