// @ts-check
import { call, get, look, make, SEARCH_MS, set } from './rows.mjs';

/** @import { Row, Scene } from './rows.mjs' */

const BETTER_SEARCH =
  'miniupnpc stops at the first search target that gets an answer, InternetGatewayDevice:1, which this filter then turns away; all are searched here.';

/**
 * One discover with a filter, and how many devices it leaves.
 *
 * @param {string} id
 * @param {string} says
 * @param {string} filter
 * @param {number} [here] devices found here, where Godot finds another number
 * @returns {readonly Row[]}
 */
const filtered = (id, says, filter, here) => [
  call(`${id}.result`, `${says}: the result`, 'upnp', 'discover', [SEARCH_MS, 2, filter]),
  call(`${id}.count`, `${says}: the devices`, 'upnp', 'getDeviceCount', [], {
    ...(here !== undefined && { differs: { here, because: BETTER_SEARCH } }),
  }),
];

/** @type {readonly Scene[]} */
export const DISCOVER_SCENES = [
  {
    scene: 'before discover',
    rows: [
      get('default.discoverIpv6', 'discoverIpv6 is false by default', 'upnp', 'discoverIpv6'),
      get('default.discoverLocalPort', 'discoverLocalPort is 0 by default', 'upnp', 'discoverLocalPort'),
      get('default.discoverMulticastIf', 'discoverMulticastIf is empty by default', 'upnp', 'discoverMulticastIf'),
      call('before.count', 'the list is empty at first', 'upnp', 'getDeviceCount'),
      call('before.gateway', 'there is no gateway at first', 'upnp', 'getGateway'),
      call('before.device', 'an index that is not in the list gives null', 'upnp', 'getDevice', [0]),
      call('before.address', 'no gateway has no external address', 'upnp', 'queryExternalAddress'),
      call('before.add', 'adding without a gateway gives NO_GATEWAY', 'upnp', 'addPortMapping', [20001]),
      call('before.add.wrong', 'NO_GATEWAY comes before every check', 'upnp', 'addPortMapping', [0, -1, '', 'udp', -5]),
      call('before.delete', 'deleting without a gateway gives NO_GATEWAY', 'upnp', 'deletePortMapping', [20001]),
      call('before.delete.wrong', 'NO_GATEWAY comes before every check', 'upnp', 'deletePortMapping', [0, 'udp']),
    ],
  },
  {
    scene: 'discover refuses',
    rows: [
      make('refuse.make', 'stranger', 'UPNPDevice'),
      call('refuse.add', 'a device can be put into the list by hand', 'upnp', 'addDevice', [{ object: 'stranger' }]),
      call('refuse.timeout', 'a negative timeout is INVALID_PARAM', 'upnp', 'discover', [-1]),
      call('refuse.ttl.256', 'a TTL above 255 is INVALID_PARAM', 'upnp', 'discover', [1000, 256]),
      call('refuse.ttl.300', 'a TTL above 255 is INVALID_PARAM', 'upnp', 'discover', [1000, 300]),
      call('refuse.ttl.negative', 'a negative TTL is INVALID_PARAM', 'upnp', 'discover', [1000, -1]),
      call('refuse.count', 'INVALID_PARAM leaves the list as it is', 'upnp', 'getDeviceCount'),
    ],
  },
  {
    scene: 'discover with an interface',
    rows: [
      set('interface.lo.set', 'upnp', 'discoverMulticastIf', 'lo'),
      call('interface.lo', 'nobody answering is NO_DEVICES', 'upnp', 'discover', [1000]),
      call('interface.lo.count', 'a search that fails leaves an empty list', 'upnp', 'getDeviceCount'),
      set('interface.unknown.set', 'upnp', 'discoverMulticastIf', 'nosuch0'),
      call('interface.unknown', 'an interface that does not exist', 'upnp', 'discover', [1000], {
        differs: {
          here: 28,
          because: 'Godot 3.2.3 searches from the default interface then; since Godot 4 it is an error.',
        },
      }),
      set('interface.name.set', 'upnp', 'discoverMulticastIf', 'eth0'),
      call('interface.name', 'an interface by its name', 'upnp', 'discover', [SEARCH_MS]),
      set('interface.address.set', 'upnp', 'discoverMulticastIf', '10.77.0.2'),
      call('interface.address', 'an interface by its address', 'upnp', 'discover', [SEARCH_MS]),
      call('interface.address.count', 'an interface by its address: the devices', 'upnp', 'getDeviceCount'),
      set('interface.none.set', 'upnp', 'discoverMulticastIf', ''),
    ],
  },
  {
    scene: 'discover with a local port',
    rows: [
      set('port.1900.set', 'upnp', 'discoverLocalPort', 1),
      call('port.1900', 'from source port 1900', 'upnp', 'discover', [SEARCH_MS]),
      call('port.1900.count', 'from source port 1900: the devices', 'upnp', 'getDeviceCount'),
      set('port.other.set', 'upnp', 'discoverLocalPort', 40123),
      call('port.other', 'from a source port of one’s own', 'upnp', 'discover', [SEARCH_MS]),
      call('port.other.count', 'from a source port of one’s own: the devices', 'upnp', 'getDeviceCount'),
      set('port.any.set', 'upnp', 'discoverLocalPort', 0),
    ],
  },
  {
    scene: 'discover with a filter',
    rows: [
      ...filtered('filter.empty', 'an empty filter', ''),
      ...filtered('filter.igd', 'the kind of device', 'InternetGatewayDevice'),
      ...filtered('filter.igd1', 'the whole search target', 'urn:schemas-upnp-org:device:InternetGatewayDevice:1'),
      ...filtered('filter.part', 'a part that is no common target', 'GatewayDevice'),
      ...filtered('filter.case', 'another case matches nothing', 'internetgatewaydevice'),
      ...filtered('filter.nothing', 'a filter that matches nothing', 'nosuchdevice'),
      ...filtered('filter.layer3', 'a service that only ssdp:all finds', 'Layer3Forwarding'),
      ...filtered('filter.wanip', 'the kind of service', 'WANIPConnection', 1),
      ...filtered('filter.wanppp', 'the other kind of service', 'WANPPPConnection', 1),
      ...filtered('filter.root', 'any root device', 'rootdevice', 1),
    ],
  },
  {
    scene: 'discover over IPv6',
    rows: [
      set('ipv6.set', 'upnp', 'discoverIpv6', true),
      call('ipv6.result', 'a search over IPv6', 'upnp', 'discover', [SEARCH_MS]),
      call('ipv6.count', 'a search over IPv6: the devices', 'upnp', 'getDeviceCount'),
      call('ipv6.device', 'a search over IPv6: the device', 'upnp', 'getDevice', [0], { keep: 'device6' }),
      get('ipv6.descriptionUrl', 'its description, over IPv6', 'device6', 'descriptionUrl'),
      get('ipv6.igdControlUrl', 'its control URL, over IPv6', 'device6', 'igdControlUrl'),
      get('ipv6.igdOurAddr', 'our address, over IPv6', 'device6', 'igdOurAddr'),
      get('ipv6.igdServiceType', 'its service, over IPv6', 'device6', 'igdServiceType'),
      get('ipv6.igdStatus', 'its status, over IPv6', 'device6', 'igdStatus'),
      call('ipv6.address', 'its external address, asked over IPv6', 'upnp', 'queryExternalAddress'),
      call('ipv6.add', 'a mapping, asked for over IPv6', 'upnp', 'addPortMapping', [20006, 0, 'six', 'TCP']),
      look('ipv6.add.target', 'a mapping, asked for over IPv6: where it leads', 'target', ['TCP', 20006]),
      set('ipv6.unset', 'upnp', 'discoverIpv6', false),
    ],
  },
  {
    scene: 'a device that was found',
    rows: [
      call('found.result', 'discover with its defaults finds the gateway', 'upnp', 'discover'),
      call('found.count', 'one gateway is one device, however often it answers', 'upnp', 'getDeviceCount'),
      call('found.device', 'the device is in the list', 'upnp', 'getDevice', [0], { keep: 'device' }),
      call('found.gateway', 'a valid device is the gateway', 'upnp', 'getGateway', [], { keep: 'gateway' }),
      get('found.descriptionUrl', 'descriptionUrl is the LOCATION', 'device', 'descriptionUrl'),
      get('found.serviceType', 'serviceType is the search target that answered', 'device', 'serviceType'),
      get('found.igdControlUrl', 'igdControlUrl is the connection service’s', 'device', 'igdControlUrl'),
      get('found.igdServiceType', 'igdServiceType is the connection service', 'device', 'igdServiceType'),
      get('found.igdOurAddr', 'igdOurAddr is the address that reaches the gateway', 'device', 'igdOurAddr'),
      get('found.igdStatus', 'igdStatus is OK', 'device', 'igdStatus'),
      call('found.isValidGateway', 'it is a valid gateway', 'device', 'isValidGateway'),
      call('found.address.upnp', 'the gateway’s external address', 'upnp', 'queryExternalAddress'),
      call('found.address.device', 'the device’s external address', 'device', 'queryExternalAddress'),
      call('found.address.gateway', 'the gateway is that device', 'gateway', 'queryExternalAddress'),
    ],
  },
];
