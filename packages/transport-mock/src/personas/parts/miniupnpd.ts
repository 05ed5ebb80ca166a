import type { DescriptionOptions } from '../../description/description-options.ts';
import { igdOutline } from '../../description/igd-outline.ts';
import type { ServiceOutline } from '../../description/outline.ts';
import type { ServiceKind } from '../../services/service-kind.ts';

/** The description that miniupnpd serves, under whatever name a maker has put on it. */
export function miniupnpdDescription({
  version,
  connection = `WANIPConnection:${version}`,
  hasIPv6Firewall = version === 2,
}: {
  readonly version: 1 | 2;
  readonly connection?: ServiceKind;
  readonly hasIPv6Firewall?: boolean;
}): DescriptionOptions {
  return {
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
  };
}

function service(type: string, id: string, path: string, scpd: string = path): ServiceOutline {
  return { type, id, scpdUrl: `/${scpd}.xml`, controlUrl: `/ctl/${path}`, eventUrl: `/evt/${path}` };
}
