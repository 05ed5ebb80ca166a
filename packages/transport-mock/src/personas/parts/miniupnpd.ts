import { igdOutline } from '../../description/igd-outline.ts';
import type { ServiceOutline } from '../../description/outline.ts';
import { type GatewayOptions, mergeGatewayOptions } from '../../gateway/gateway-options.ts';
import type { ServiceKind } from '../../services/service-kind.ts';
import { TIMES_AND_TERMINATION } from './left-out.ts';

/**
 * What miniupnpd does, under whatever name a maker has put on it. From its source of August 2026, and seen on 2.3.1:
 * upnpsoap.c looks at an action's name alone, takes arguments by theirs, reports 1 for NewEnabled, lists an empty range as
 * an empty list, writes listings as CDATA, counts traffic with 64 bits, and answers QueryStateVariable for two variables. nftnlrdr.c stores no remote
 * host, and puts each rule it reads at the head of its list, so that the newest comes first.
 *
 * @param own - what the maker has changed
 */
export function miniupnpdOptions(
  {
    version,
    connection = `WANIPConnection:${version}`,
    hasIPv6Firewall = version === 2,
  }: {
    readonly version: 1 | 2;
    readonly connection?: ServiceKind;
    readonly hasIPv6Firewall?: boolean;
  },
  own: GatewayOptions,
): GatewayOptions {
  const daemon: GatewayOptions = {
    igdVersion: version,
    hasIPv6Firewall,
    description: {
      path: '/rootDesc.xml',
      specVersion: '1.1',
      outline: igdOutline({
        version,
        rootTexts: { presentationURL: 'http://{address}/' },
        innerTexts: { manufacturer: 'MiniUPnP', modelName: 'WAN Device', UPC: '000000000000' },
        rootServices: [service('Layer3Forwarding:1', 'L3Forwarding1', 'L3F')],
        wanServices: [service('WANCommonInterfaceConfig:1', 'WANCommonIFC1', 'CmnIfCfg', 'WANCfg')],
        connections: [
          { ...service(connection.replace('+', ''), 'WANIPConn1', 'IPConn', 'WANIPCn'), is: connection },
          ...(hasIPv6Firewall ? [service('WANIPv6FirewallControl:1', 'WANIPv6Firewall1', 'IP6FCtl', 'WANIP6FC')] : []),
        ],
      }),
    },
    omittedActions: TIMES_AND_TERMINATION,
    reports: { isAlwaysEnabled: true, isNewestFirst: true, counters: '64-bit' },
    refusals: { emptyListing: 'ignored' },
    dropsRemoteHost: true,
    ignoresServiceType: true,
    ignoresArgumentOrder: true,
    stateQueries: ['ConnectionStatus', 'PortMappingNumberOfEntries'],
  };
  return mergeGatewayOptions(daemon, own);
}

function service(type: string, id: string, path: string, scpd: string = path): ServiceOutline {
  return { type, id, scpdUrl: `/${scpd}.xml`, controlUrl: `/ctl/${path}`, eventUrl: `/evt/${path}` };
}
