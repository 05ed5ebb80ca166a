import { describe, expect, it } from 'vitest';
import { answersTo, description, fault, IGD1, router, success, type Says } from './fake-gateway.test-support.ts';
import { fakeNetwork, transportError } from './fake-network.test-support.ts';
import type { UPNPDevice } from './upnp-device.ts';
import { UPNP } from './upnp.ts';

/** The only device on a network, as discover lists it. */
async function discovered(says: Says, tellsLocalAddress = true): Promise<UPNPDevice> {
  const upnp = new UPNP(fakeNetwork({ answers: answersTo(IGD1), respond: router(says), tellsLocalAddress }).transport);
  expect(await upnp.discover()).toBe(0);
  expect(upnp.getDeviceCount()).toBe(1);
  return upnp.getDevice(0) as UPNPDevice;
}

const WANIP1 = 'urn:schemas-upnp-org:service:WANIPConnection:1';
const status = (text: string): Says => ({
  GetStatusInfo: success('GetStatusInfo', `<NewConnectionStatus>${text}</NewConnectionStatus>`),
});
const address = (text: string): Says => ({
  GetExternalIPAddress: success('GetExternalIPAddress', `<NewExternalIPAddress>${text}</NewExternalIPAddress>`),
});

describe('UPNPDevice, discovered', () => {
  it('descriptionUrl, igdControlUrl, igdOurAddr, igdServiceType, igdStatus and serviceType', async () => {
    expect(await discovered({})).toMatchObject({
      descriptionUrl: 'http://192.168.1.1:5000/rootDesc.xml',
      igdControlUrl: 'http://192.168.1.1:5000/ctl/IPConn',
      igdOurAddr: '192.168.1.2',
      igdServiceType: 'urn:schemas-upnp-org:service:WANIPConnection:1',
      igdStatus: 0,
      serviceType: 'urn:schemas-upnp-org:device:InternetGatewayDevice:1',
    });
  });

  it('igdOurAddr is the address on the gateway’s subnet where the connection does not tell', async () => {
    expect((await discovered({}, false)).igdOurAddr).toBe('192.168.1.2');
  });

  it('a WANPPPConnection is used as what it is', async () => {
    const ppp = 'urn:schemas-upnp-org:service:WANPPPConnection:1';
    const device = await discovered({ GET: description(IGD1, [ppp, '/ppp']) });
    expect(device).toMatchObject({
      igdStatus: 0,
      igdControlUrl: 'http://192.168.1.1:5000/ppp',
      igdServiceType: 'urn:schemas-upnp-org:service:WANPPPConnection:1',
    });
  });
});

describe('UPNPDevice.igdStatus', () => {
  it.each<readonly [number, string, Says]>([
    [0, 'OK: connected, with a public address', {}],
    [0, 'OK: "Up" is connected', status('Up')],
    [5, 'DISCONNECTED: an address for documentation is not on the Internet', address('203.0.113.5')],
    [1, 'HTTP_ERROR: 404', { GET: { status: 404, body: 'no' } }],
    [1, 'HTTP_ERROR: nobody listens', { GET: transportError('refused') }],
    [1, 'HTTP_ERROR: no answer in time', { GET: transportError('timeout') }],
    [2, 'HTTP_EMPTY', { GET: '' }],
    [4, 'NO_IGD: a gateway without a connection', { GET: description(IGD1) }],
    [5, 'DISCONNECTED: it says so', status('Disconnected')],
    [5, 'DISCONNECTED: it does not say', status('')],
    [5, 'DISCONNECTED: it can’t say', { GetStatusInfo: fault(501) }],
    [5, 'DISCONNECTED: a private address', address('192.168.5.1')],
    [5, 'DISCONNECTED: a shared address', address('100.64.0.1')],
    [5, 'DISCONNECTED: no address', address('0.0.0.0')],
    [5, 'DISCONNECTED: its address is a fault', { GetExternalIPAddress: fault(501) }],
    [
      5,
      'DISCONNECTED: nobody listens at its control URL',
      { GetStatusInfo: transportError('refused'), GetExternalIPAddress: transportError('refused') },
    ],
    [
      6,
      'UNKNOWN_DEVICE: another kind',
      {
        GET: description('urn:schemas-upnp-org:device:MediaServer:1', [
          'urn:schemas-upnp-org:service:ContentDirectory:1',
          '/cd',
        ]),
      },
    ],
    [6, 'UNKNOWN_DEVICE: no XML', { GET: 'hello' }],
    [6, 'UNKNOWN_DEVICE: only white space', { GET: ' \r\n' }],
    [6, 'UNKNOWN_DEVICE: only an invisible character', { GET: '\u200b' }],
    [6, 'UNKNOWN_DEVICE: cut short', { GET: description(IGD1, [WANIP1, '/ctl']).slice(0, -9) }],
    [6, 'UNKNOWN_DEVICE: no description', { GET: '<root></root>' }],
    [7, 'INVALID_CONTROL: no control URL', { GET: description(IGD1, [WANIP1, null]) }],
    [7, 'INVALID_CONTROL: an empty one', { GET: description(IGD1, [WANIP1, '']) }],
    [7, 'INVALID_CONTROL: one on another host', { GET: description(IGD1, [WANIP1, 'http://192.168.1.99/ctl']) }],
  ])('%i %s', async (number, _what, says) => {
    const device = await discovered(says);
    expect(device.igdStatus).toBe(number);
    expect(device.isValidGateway()).toBe(number === 0);
    // The status tells, and does not forbid: what can be asked is asked.
    expect(await device.addPortMapping(7777)).toBe(number === 0 || number === 5 ? 0 : 16);
  });
});
