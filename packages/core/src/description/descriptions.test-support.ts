/** Device descriptions in the manner of real routers, written from what is known of them. All identifiers are made up. */

/** A router with miniupnpd, IGD:1: every element that the standard names. */
export const MINIUPNPD = `<?xml version="1.0"?>
<root xmlns="urn:schemas-upnp-org:device-1-0" configId="1337">
<specVersion><major>1</major><minor>1</minor></specVersion>
<device>
<deviceType>urn:schemas-upnp-org:device:InternetGatewayDevice:1</deviceType>
<friendlyName>OpenWrt router &amp; switch</friendlyName>
<manufacturer>OpenWrt</manufacturer>
<manufacturerURL>http://www.openwrt.org/</manufacturerURL>
<modelDescription>a router</modelDescription>
<modelName>OpenWrt</modelName>
<modelNumber>23.05</modelNumber>
<modelURL>http://www.openwrt.org/model</modelURL>
<serialNumber>00000000</serialNumber>
<UDN>uuid:6d4f1c3e-0000-4000-8000-000000000001</UDN>
<UPC>000000000000</UPC>
<serviceList>
<service>
<serviceType>urn:schemas-upnp-org:service:Layer3Forwarding:1</serviceType>
<serviceId>urn:upnp-org:serviceId:L3Forwarding1</serviceId>
<SCPDURL>/L3F.xml</SCPDURL>
<controlURL>/ctl/L3F</controlURL>
<eventSubURL>/evt/L3F</eventSubURL>
</service>
</serviceList>
<deviceList>
<device>
<deviceType>urn:schemas-upnp-org:device:WANDevice:1</deviceType>
<friendlyName>WANDevice</friendlyName>
<modelName>MiniUPnPd</modelName>
<UDN>uuid:6d4f1c3e-0000-4000-8000-000000000002</UDN>
<serviceList>
<service>
<serviceType>urn:schemas-upnp-org:service:WANCommonInterfaceConfig:1</serviceType>
<serviceId>urn:upnp-org:serviceId:WANCommonIFC1</serviceId>
<SCPDURL>/WANCfg.xml</SCPDURL>
<controlURL>/ctl/CmnIfCfg</controlURL>
<eventSubURL>/evt/CmnIfCfg</eventSubURL>
</service>
</serviceList>
<deviceList>
<device>
<deviceType>urn:schemas-upnp-org:device:WANConnectionDevice:1</deviceType>
<friendlyName>WANConnectionDevice</friendlyName>
<modelName>MiniUPnPd</modelName>
<UDN>uuid:6d4f1c3e-0000-4000-8000-000000000003</UDN>
<serviceList>
<service>
<serviceType>urn:schemas-upnp-org:service:WANIPConnection:1</serviceType>
<serviceId>urn:upnp-org:serviceId:WANIPConn1</serviceId>
<SCPDURL>/WANIPCn.xml</SCPDURL>
<controlURL>/ctl/IPConn</controlURL>
<eventSubURL>/evt/IPConn</eventSubURL>
</service>
<service>
<serviceType>urn:schemas-upnp-org:service:WANIPv6FirewallControl:1</serviceType>
<serviceId>urn:upnp-org:serviceId:WANIPv6Firewall1</serviceId>
<SCPDURL>/WANIP6FC.xml</SCPDURL>
<controlURL>/ctl/IP6FCtl</controlURL>
<eventSubURL>/evt/IP6FCtl</eventSubURL>
</service>
</serviceList>
</device>
</deviceList>
</device>
</deviceList>
<presentationURL>http://192.168.1.1/</presentationURL>
</device>
</root>
`;

/** An IGD with one connection service of that type; `head` stands before the root device, `tail` after it. */
function gateway(
  serviceType: string,
  urls: string,
  { head = '', tail = '' }: { head?: string; tail?: string } = {},
): string {
  return `<?xml version="1.0"?><root xmlns="urn:schemas-upnp-org:device-1-0"><specVersion><major>1</major><minor>0</minor></specVersion>${head}
<device><deviceType>urn:schemas-upnp-org:device:InternetGatewayDevice:1</deviceType><deviceList>
<device><deviceType>urn:schemas-upnp-org:device:WANDevice:1</deviceType><modelNumber>inner</modelNumber><deviceList>
<device><deviceType>urn:schemas-upnp-org:device:WANConnectionDevice:1</deviceType><serviceList>
<service><serviceType>${serviceType}</serviceType><serviceId>urn:upnp-org:serviceId:WANIPConn1</serviceId>${urls}</service>
</serviceList></device></deviceList></device></deviceList></device>${tail}</root>`;
}

const IP = 'urn:schemas-upnp-org:service:WANIPConnection:1';

/** URLBase after the device, for another port, without a slash at its end. */
export const MIKROTIK: string = gateway(
  IP,
  '<SCPDURL>/gateway_description.xml</SCPDURL><controlURL>/upnp/control/aaaaaaaaaa</controlURL><eventSubURL>/upnp/event/aaaaaaaaaa</eventSubURL>',
  { tail: '<URLBase>http://192.168.88.1:2828</URLBase>' },
);

/** URLBase before the device, for another port; colons in every path. */
export const NETGEAR: string = gateway(
  IP,
  '<SCPDURL>/uuid:0000/WANIPConnection:1.xml</SCPDURL><controlURL>/uuid:0000/WANIPConnection:1</controlURL><eventSubURL>/uuid:0000/WANIPConnection:1/e</eventSubURL>',
  { head: '<URLBase>http://192.168.1.1:56688</URLBase>' },
);

/** URLBase names the router's address in another of its subnets; modelNumber is only in an inner device. */
export const YAMAHA: string = gateway(
  IP,
  '<SCPDURL>/ip.xml</SCPDURL><controlURL>/ctl</controlURL><eventSubURL>/evt</eventSubURL>',
  {
    head: '<URLBase>http://192.168.0.1:5000/</URLBase>',
  },
);

/** URLBase is empty; spaces inside of start tags and at the end of texts. */
export const OMADA: string = gateway(
  'urn:schemas-upnp-org:service:WANIPConnection:1     ',
  '<SCPDURL    >/ipc1514793639.xml</SCPDURL><controlURL       >/ipc1514793639     </controlURL><eventSubURL>/ipc1514793639</eventSubURL>',
  { head: '<URLBase></URLBase>' },
);

/** WANPPPConnection on a path and with an id that say WANIPConn1. */
export const FUNBOX: string = gateway(
  'urn:schemas-upnp-org:service:WANPPPConnection:1',
  '<SCPDURL>/WANIPConn1.xml</SCPDURL><controlURL>/WANIPConn1</controlURL><eventSubURL>/WANIPConn1</eventSubURL>',
);

/** The types of the DSL Forum. */
export const HUAWEI: string = gateway(
  'urn:dslforum-org:service:WANPPPConnection:1',
  '<SCPDURL>WANPPP.xml</SCPDURL><controlURL>ctrl/ppp?wan=1</controlURL><eventSubURL/>',
);

/** Vendor elements with namespaces of their own come first; two of them share a local name, and one that of a standard element. */
export const LIVEBOX = `<?xml version="1.0"?>
<root xmlns="urn:schemas-upnp-org:device-1-0"><specVersion><major>1</major><minor>0</minor></specVersion><device>
<pnpx:X_hardwareId xmlns:pnpx="http://schemas.microsoft.com/windows/pnpx/2005/11">VEN_0000&amp;DEV_0000</pnpx:X_hardwareId>
<pnpx:X_deviceCategory xmlns:pnpx="http://schemas.microsoft.com/windows/pnpx/2005/11">NetworkInfrastructure.Gateway</pnpx:X_deviceCategory>
<df:X_deviceCategory xmlns:df="http://schemas.microsoft.com/windows/2008/09/devicefoundation">Network.Gateway</df:X_deviceCategory>
<deviceType>urn:schemas-upnp-org:device:InternetGatewayDevice:2</deviceType>
<friendlyName>Residential Livebox,(GPON, WAN Ethernet)</friendlyName>
<modelNumber/>
<UDN>uuid:6d4f1c3e-0000-4000-8000-000000000001</UDN>
</device></root>`;

/** A service description with everything that one may contain. */
export const WANIPCN = `<?xml version="1.0"?>
<scpd xmlns="urn:schemas-upnp-org:service-1-0"><specVersion><major>1</major><minor>0</minor></specVersion>
<actionList>
<action><name>GetExternalIPAddress</name><argumentList>
<argument><name>NewExternalIPAddress</name><direction>out</direction><relatedStateVariable>ExternalIPAddress</relatedStateVariable></argument>
</argumentList></action>
<action><name>SetConnectionType</name><argumentList>
<argument><name>NewConnectionType</name><direction>in</direction><relatedStateVariable>ConnectionType</relatedStateVariable></argument>
</argumentList></action>
<action><name>ForceTermination</name></action>
</actionList>
<serviceStateTable>
<stateVariable sendEvents="yes"><name>ExternalIPAddress</name><dataType>string</dataType></stateVariable>
<stateVariable sendEvents="no"><name>ConnectionType</name><dataType>string</dataType><defaultValue>Unconfigured</defaultValue>
<allowedValueList><allowedValue>Unconfigured</allowedValue><allowedValue>IP_Routed</allowedValue></allowedValueList></stateVariable>
<stateVariable sendEvents="no"><name>PortMappingLeaseDuration</name><dataType>ui4</dataType>
<allowedValueRange><minimum>0</minimum><maximum>604800</maximum><step>1</step></allowedValueRange></stateVariable>
</serviceStateTable>
</scpd>
`;
