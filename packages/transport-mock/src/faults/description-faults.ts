import { igdOutline } from '../description/igd-outline.ts';
import type { DeviceOutline, ServiceOutline } from '../description/outline.ts';
import type { GatewayOptions } from '../gateway/gateway-options.ts';
import { refuse } from '../gateway/action.ts';
import type { FaultDefinition, FaultHooks } from './fault.ts';
import { rewritingXml } from './rewrite.ts';

const LOCATION_IS_THE_BASE = 'resolves URLs against LOCATION if URLBase points to another host or port';
const RESOLVE = 'resolves it by RFC 3986';
const CONNECTED_ONE = 'uses the connected one with a public address';
const TRY_BOTH = 'tries both';
const ACCEPT = 'accepts it';
const READ_WHAT_IS_NEEDED = 'reads types, UDNs and URLs all the same, and warns';
const TRUST_SCPD = 'trusts the SCPD; uses version 1 actions after 401 or 602';

const IP1: ServiceOutline = { type: 'WANIPConnection:1', id: 'WANIPConn1' };
const PPP1: ServiceOutline = { type: 'WANPPPConnection:1', id: 'WANPPPConn1' };
/** The actions that WANIPConnection:2 added. */
const VERSION_2_ACTIONS = ['DeletePortMappingRange', 'AddAnyPortMapping', 'GetListOfPortMappings'];

/** A description that is not well-formed. */
function damaged(what: string, damage: (xml: string) => string, remedy = READ_WHAT_IS_NEEDED): FaultDefinition {
  return { row: 55, what, remedy, on: ['description'], hooks: () => rewritingXml(damage) };
}

/** What is odd about the description, and the services that it describes. */
export const DESCRIPTION_FAULTS: Readonly<Record<string, FaultDefinition>> = {
  'url-base-with-another-port': {
    row: 33,
    what: 'URLBase names a port without a server',
    remedy: LOCATION_IS_THE_BASE,
    hooks: () => options({ description: { urlBase: 'http://{address}:1/' } }),
  },
  'url-base-on-another-host': {
    row: 33,
    what: 'URLBase names a host that this network does not have (Yamaha)',
    remedy: LOCATION_IS_THE_BASE,
    hooks: () => options({ description: { urlBase: 'http://192.168.0.1:{port}/' } }),
  },
  'url-base-empty': {
    row: 33,
    what: 'URLBase is empty (Omada)',
    remedy: LOCATION_IS_THE_BASE,
    hooks: () => options({ description: { urlBase: '' } }),
  },
  'url-base-missing': {
    row: 33,
    what: 'URLBase is missing, whatever the router',
    remedy: LOCATION_IS_THE_BASE,
    hooks: () => options({ description: { urlBase: null } }),
  },
  'control-url-without-slash': {
    row: 34,
    what: 'control URLs are relative, without a leading slash',
    remedy: RESOLVE,
    hooks: () => options({ description: { controlUrl: 'control/{id}' } }),
  },
  'control-url-with-query': {
    row: 34,
    what: 'control URLs differ only in their query',
    remedy: RESOLVE,
    hooks: () => options({ description: { controlUrl: '/control?service={id}' } }),
  },
  'control-url-absolute': {
    row: 34,
    what: 'control URLs are absolute',
    remedy: RESOLVE,
    hooks: () => options({ description: { controlUrl: 'http://{address}:{port}/control/{id}' } }),
  },
  'duplicate-services': {
    row: 35,
    what: 'two connection services are listed; the first one belongs to another connection, which is down',
    remedy: CONNECTED_ONE,
    hooks: () =>
      options({
        otherConnections: [{}],
        description: {
          outline: igdOutline({
            version: 1,
            connections: [
              { ...IP1, connection: 1 },
              { ...IP1, id: 'WANIPConn2' },
            ],
          }),
        },
      }),
  },
  'two-wan-devices': {
    row: 35,
    what: 'two WANDevices are listed; the first is not connected (MikroTik)',
    remedy: CONNECTED_ONE,
    hooks: () => options({ otherConnections: [{}], description: { outline: twoWanDevices() } }),
  },
  'ppp-and-ip': {
    row: 36,
    what: 'WANIPConnection and WANPPPConnection are both listed, for the same connection',
    remedy: TRY_BOTH,
    hooks: () => options({ description: { outline: igdOutline({ version: 1, connections: [IP1, PPP1] }) } }),
  },
  'only-ppp-works': {
    row: 36,
    what: 'WANIPConnection and WANPPPConnection are both listed; the first refuses everything with 501',
    remedy: TRY_BOTH,
    hooks: () => ({
      ...options({ description: { outline: igdOutline({ version: 1, connections: [IP1, PPP1] }) } }),
      action: (call, proceed) => (call.service.serviceType.includes(':WANIPConnection:') ? refuse(501) : proceed()),
    }),
  },
  'dslforum-types': {
    row: 37,
    what: 'all types begin with urn:dslforum-org (Huawei)',
    remedy: ACCEPT,
    hooks: () => {
      const service = (type: string, id: string): ServiceOutline => ({
        type: `urn:dslforum-org:service:${type}`,
        is: type as NonNullable<ServiceOutline['is']>,
        id,
      });
      return options({
        description: {
          outline: igdOutline({
            version: 1,
            namespace: 'dslforum-org',
            rootServices: [service('Layer3Forwarding:1', 'Layer3Forwarding1')],
            wanServices: [service('WANCommonInterfaceConfig:1', 'WANCommonIFC1')],
            connections: [service('WANIPConnection:1', 'WANIPConn1')],
          }),
        },
      });
    },
  },
  'ppp-connection-2': {
    row: 37,
    what: 'the connection service is WANPPPConnection:2, which no specification defines (Livebox)',
    remedy: ACCEPT,
    hooks: () =>
      options({
        description: {
          outline: igdOutline({ version: 2, connections: [{ type: 'WANPPPConnection:2', id: 'WANPPPConn1' }] }),
        },
      }),
  },
  'version-1-with-version-2-actions': {
    row: 38,
    what: 'WANIPConnection:1 has the actions of version 2 (OpenWrt)',
    remedy: TRUST_SCPD,
    testSetup: { occupied: [7777] },
    hooks: () =>
      options({
        igdVersion: 1,
        description: { outline: igdOutline({ version: 1, connections: [{ ...IP1, is: 'WANIPConnection:1+' }] }) },
      }),
  },
  'version-2-without-its-actions': {
    row: 38,
    what: 'WANIPConnection:2 lacks the actions of version 2, also in its SCPD (Askey)',
    remedy: TRUST_SCPD,
    hooks: () => options({ omittedActions: VERSION_2_ACTIONS }),
  },
  'version-2-actions-refused': {
    row: 38,
    what: 'the SCPD lists the actions of version 2, but the gateway refuses them with 401',
    remedy: TRUST_SCPD,
    on: VERSION_2_ACTIONS,
    hooks: () => ({ action: () => refuse(401) }),
  },
  'markup-in-a-name': damaged('a tag that is never closed is in the friendly name (TP-Link Archer C9)', (xml) =>
    xml.replace(/(<friendlyName\s*>)[^<]*/, '$1tool <info>'),
  ),
  'mismatched-tag': damaged('the manufacturer is closed by another tag', (xml) =>
    xml.replaceAll('</manufacturer>', '</manufacturerURL>'),
  ),
  'missing-end-of-root': damaged('the end tag of the root is missing', (xml) => xml.replace(/<\/root\s*>/, '')),
  'repeated-xmlns': damaged('the root declares its namespace twice', (xml) =>
    xml.replace(/<root( xmlns="[^"]*")/, '<root$1$1'),
  ),
  'two-declarations': damaged('two XML declarations are at the beginning', (xml) => `<?xml version="1.0"?>\r\n${xml}`),
  'space-in-tags': damaged('the start tags of devices have a space before the name', (xml) =>
    xml.replaceAll('<device>', '< device>'),
  ),
  'bytes-after-the-description': damaged(
    'the size of the last chunk follows the root, and Content-Length includes it',
    (xml) => `${xml}\r\n0\r\n`,
    'ignores them, and warns',
  ),
};

function options(changed: GatewayOptions): FaultHooks {
  return { options: changed };
}

/** The second one has the gateway's connection, the first another. */
function twoWanDevices(): DeviceOutline {
  const half = (number: 1 | 2, connection: 0 | 1): DeviceOutline =>
    igdOutline({
      version: 1,
      wanServices: [{ type: 'WANCommonInterfaceConfig:1', id: `WANCommonIFC${number}`, connection }],
      connections: [{ type: 'WANIPConnection:1', id: `WANIPConn${number}`, connection }],
    });
  const first = half(1, 1);
  return { ...first, devices: [...(first.devices ?? []), ...(half(2, 0).devices ?? [])] };
}
