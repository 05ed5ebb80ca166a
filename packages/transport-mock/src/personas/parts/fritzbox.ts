import { igdOutline } from '../../description/igd-outline.ts';
import type { GatewayOptions } from '../../gateway/gateway-options.ts';

/** What FRITZ!OS offers, with an IGD:1 root and at another URL with an IGD:2 root. */
export function fritzbox(version: 1 | 2): GatewayOptions {
  const prefix = version === 2 ? '/igd2' : '/igd';
  return {
    igdVersion: version,
    // tailscale/tailscale#1525: PCP is there as well, and is allowed or refused for a host as UPnP is.
    protocols: ['upnp', 'pcp'],
    httpPort: 49000,
    friendlyName: 'FRITZ!Box 7590',
    manufacturer: 'FRITZ! GmbH',
    modelName: 'FRITZ!Box 7590',
    modelNumber: 'avm',
    description: {
      path: `${prefix}desc.xml`,
      specVersion: '1.0',
      scpdUrl: `${prefix}{id}SCPD.xml`,
      controlUrl: `${prefix}upnp/control/{id}`,
      eventUrl: `${prefix}upnp/control/{id}`,
      lineEnd: '\n',
      outline: igdOutline({
        version,
        rootTexts: { presentationURL: 'http://fritz.box' },
        rootServices: [
          {
            type: 'urn:schemas-any-com:service:Any:1',
            id: 'urn:any-com:serviceId:any1',
            scpdUrl: '/any.xml',
            controlUrl: `${prefix}upnp/control/any`,
            eventUrl: `${prefix}upnp/control/any`,
          },
        ],
        connections: [
          { type: `WANIPConnection:${version}`, id: `WANIPConn${version}`, vendorActions: VENDOR_ACTIONS },
          ...(version === 2 ? [{ type: 'WANIPv6FirewallControl:1', id: 'WANIPv6Firewall1' }] : []),
        ],
      }),
    },
    // From the survey: escaped text.
    answers: { listing: 'references' },
    reports: { inDescriptions: { _: '.', ' ': '.' }, longestListing: 10 },
  };
}

const VENDOR_ACTIONS: readonly string[] = [
  'X_AVM_DE_GetDNSServer',
  'X_AVM_DE_GetExternalIPv6Address',
  'X_AVM_DE_GetIPv6DNSServer',
  'X_AVM_DE_GetIPv6Prefix',
];
