import { describe, expect, it } from 'vitest';
import { router, success } from './fake-gateway.test-support.ts';
import { fakeNetwork, type FakeNetwork } from './fake-network.test-support.ts';
import type { IGDStatus } from './igd-status.ts';
import { UPNPDevice } from './upnp-device.ts';
import { UPNP } from './upnp.ts';

function start(): { upnp: UPNP; network: FakeNetwork } {
  const network = fakeNetwork({ respond: router() });
  return { upnp: new UPNP(network.transport), network };
}

function withStatus(igdStatus: IGDStatus, igdControlUrl = 'http://192.168.1.1:5000/ctl'): UPNPDevice {
  const igdServiceType = 'urn:schemas-upnp-org:service:WANIPConnection:1';
  return Object.assign(new UPNPDevice(), { igdStatus, igdControlUrl, igdServiceType, igdOurAddr: '192.168.1.2' });
}

describe('UPNP, new', () => {
  it('discoverIpv6 is false, discoverLocalPort 0, discoverMulticastIf "", and the list is empty', () => {
    const { upnp } = start();
    expect(upnp.discoverIpv6).toBe(false);
    expect(upnp.discoverLocalPort).toBe(0);
    expect(upnp.discoverMulticastIf).toBe('');
    expect(upnp.getDeviceCount()).toBe(0);
  });

  it('has no gateway: null, "", NO_GATEWAY, before every check', async () => {
    const { upnp } = start();
    expect(upnp.getGateway()).toBeNull();
    expect(await upnp.queryExternalAddress()).toBe('');
    expect(await upnp.addPortMapping(7777)).toBe(26);
    expect(await upnp.addPortMapping(0, -1, '', 'udp', -5)).toBe(26);
    expect(await upnp.deletePortMapping(7777)).toBe(26);
    expect(await upnp.deletePortMapping(0, 'udp')).toBe(26);
  });
});

describe('UPNP, the list of devices', () => {
  const [one, other, third] = [withStatus(6), withStatus(6), withStatus(6)];

  it('getDeviceCount, getDevice, setDevice, addDevice, removeDevice, clearDevices', () => {
    const { upnp } = start();
    upnp.addDevice(one);
    upnp.addDevice(other);
    expect(upnp.getDeviceCount()).toBe(2);
    expect([upnp.getDevice(0), upnp.getDevice(1)]).toEqual([one, other]);
    upnp.setDevice(0, third);
    expect(upnp.getDevice(0)).toBe(third);
    upnp.removeDevice(0);
    expect(upnp.getDevice(0)).toBe(other);
    expect(upnp.getDeviceCount()).toBe(1);
    upnp.clearDevices();
    expect(upnp.getDeviceCount()).toBe(0);
  });

  it.each([-1, 1, 1.5, Number.NaN, Infinity])('index %d is not in a list of one: null, and ignored', (index) => {
    const { upnp } = start();
    upnp.addDevice(one);
    expect(upnp.getDevice(index)).toBeNull();
    upnp.setDevice(index, other);
    upnp.removeDevice(index);
    expect(upnp.getDeviceCount()).toBe(1);
    expect(upnp.getDevice(0)).toBe(one);
  });

  it('null is no device, and ignored', () => {
    const { upnp } = start();
    upnp.addDevice(upnp.getGateway());
    expect(upnp.getDeviceCount()).toBe(0);
    upnp.addDevice(one);
    upnp.setDevice(0, null);
    expect(upnp.getDevice(0)).toBe(one);
  });

  it('addDevice and setDevice lend a transport to a device without', async () => {
    const { upnp, network } = start();
    const [added, set] = [withStatus(0), withStatus(0)];
    upnp.addDevice(added);
    expect(await added.addPortMapping(7777)).toBe(0);
    upnp.setDevice(0, set);
    expect(await set.addPortMapping(7777)).toBe(0);
    expect(network.requests).toHaveLength(2);
  });

  it('a device keeps the transport that it has', () => {
    const own = fakeNetwork().transport;
    const device = new UPNPDevice(own);
    start().upnp.addDevice(device);
    expect(device.transport).toBe(own);
  });
});

describe('UPNP.getGateway', () => {
  it('is the first device in the list that is a valid IGD', () => {
    const { upnp } = start();
    const valid = withStatus(0);
    for (const device of [withStatus(1), withStatus(5), valid, withStatus(0)]) upnp.addDevice(device);
    expect(upnp.getGateway()).toBe(valid);
  });

  it('is a gateway that says it is disconnected where there is no better one', async () => {
    const { upnp } = start();
    const disconnected = withStatus(5);
    for (const device of [withStatus(6), disconnected, withStatus(5)]) upnp.addDevice(device);
    expect(upnp.getGateway()).toBe(disconnected);
    expect(await upnp.addPortMapping(7777)).toBe(0);
  });

  it.each([1, 2, 3, 4, 6, 7, 8, 9] as const)('is null where no device is one: igdStatus %i', async (status) => {
    const { upnp } = start();
    upnp.addDevice(withStatus(status));
    expect(upnp.getGateway()).toBeNull();
    expect(await upnp.addPortMapping(7777)).toBe(26);
  });
});

describe('UPNP, on the default gateway', () => {
  const first = 'http://192.168.1.1:5000/first';

  it('queryExternalAddress, addPortMapping and deletePortMapping go to the first valid device', async () => {
    const { upnp, network } = start();
    for (const device of [withStatus(6), withStatus(0, first), withStatus(0)]) upnp.addDevice(device);
    expect(await upnp.queryExternalAddress()).toBe('5.5.5.1');
    expect(await upnp.addPortMapping(7777, 8888, 'game', 'TCP', 3600)).toBe(0);
    expect(await upnp.deletePortMapping(7777, 'TCP')).toBe(0);
    expect(network.requests).toEqual([
      `GetExternalIPAddress ${first}`,
      `AddPortMapping ${first}`,
      `DeletePortMapping ${first}`,
    ]);
    expect(network.bodies[1]).toContain(
      '<NewExternalPort>7777</NewExternalPort><NewProtocol>TCP</NewProtocol><NewInternalPort>8888</NewInternalPort><NewInternalClient>192.168.1.2</NewInternalClient><NewEnabled>1</NewEnabled><NewPortMappingDescription>game</NewPortMappingDescription><NewLeaseDuration>3600</NewLeaseDuration>',
    );
    expect(network.bodies[2]).toContain('<NewExternalPort>7777</NewExternalPort><NewProtocol>TCP</NewProtocol>');
  });

  it('the checks of the device: 17, 18, 19', async () => {
    const { upnp } = start();
    upnp.addDevice(withStatus(0));
    expect(await upnp.addPortMapping(0, -1, '', 'udp', -5)).toBe(17);
    expect(await upnp.addPortMapping(7777, -1, '', 'udp', -5)).toBe(17);
    expect(await upnp.addPortMapping(7777, 0, '', 'udp', -5)).toBe(18);
    expect(await upnp.addPortMapping(7777, 0, '', 'UDP', -5)).toBe(19);
    expect(await upnp.deletePortMapping(0, 'udp')).toBe(17);
    expect(await upnp.deletePortMapping(7777, 'udp')).toBe(18);
  });

  it('take a signal as their last argument', async () => {
    const { upnp, network } = start();
    upnp.addDevice(withStatus(0));
    const signal = AbortSignal.abort();
    expect(await upnp.addPortMapping(7777, 0, '', 'UDP', 0, signal)).toBe(28);
    expect(await upnp.deletePortMapping(7777, 'UDP', signal)).toBe(28);
    expect(await upnp.queryExternalAddress(signal)).toBe('');
    expect(network.requests).toEqual([]);
  });

  it('queryExternalAddress is "" on any error', async () => {
    const respond = router({ GetExternalIPAddress: success('GetStatusInfo') });
    const upnp = new UPNP(fakeNetwork({ respond }).transport);
    upnp.addDevice(withStatus(0));
    expect(await upnp.queryExternalAddress()).toBe('');
  });
});
