/**
 * The search targets that concern a gateway (the ST header; UDA 1.1, 1.3.2). Any other text without control characters
 * may be searched for too: `uuid:` and a device's UUID, or a vendor's own type.
 */
export const SEARCH_TARGETS = {
  /** Version 2 devices answer it too, if they obey UDA 1.1, 1.3.2: a device answers for every version up to its own. */
  internetGatewayDevice1: 'urn:schemas-upnp-org:device:InternetGatewayDevice:1',
  internetGatewayDevice2: 'urn:schemas-upnp-org:device:InternetGatewayDevice:2',
  wanIpConnection1: 'urn:schemas-upnp-org:service:WANIPConnection:1',
  wanIpConnection2: 'urn:schemas-upnp-org:service:WANIPConnection:2',
  wanPppConnection1: 'urn:schemas-upnp-org:service:WANPPPConnection:1',
  /** Every root device on the network. */
  rootDevice: 'upnp:rootdevice',
  /** Every device and every service on the network; a Sagemcom answers it with a WFADevice only. */
  all: 'ssdp:all',
} as const;

/**
 * What a search for a gateway asks for, the most telling first. Several, since some routers answer only some of them;
 * `ssdp:all` is not among them, since it makes everything in the house answer several times over.
 */
// A bundler drops an unneeded call marked as pure, but keeps what reads properties.
export const GATEWAY_SEARCH_TARGETS: readonly string[] = /* @__PURE__ */ (() => [
  SEARCH_TARGETS.internetGatewayDevice1,
  SEARCH_TARGETS.internetGatewayDevice2,
  SEARCH_TARGETS.wanIpConnection1,
  SEARCH_TARGETS.wanIpConnection2,
  SEARCH_TARGETS.wanPppConnection1,
  SEARCH_TARGETS.rootDevice,
])();
