// @ts-check
/**
 * How far each client gets on each persona. A client maps, its row is in the router's table, and it unmaps.
 *
 * @typedef {'all of it' | 'does not map' | 'is not in the table' | 'does not unmap'} Outcome
 */

/** `default` is the simulated router without a persona. */
export const PERSONAS = /** @type {const} */ (['default', 'miniupnpd', 'fritzbox-7590', 'mikrotik', 'livebox']);

/** @typedef {(typeof PERSONAS)[number]} PersonaName */

/** @type {readonly [Outcome, string]} */
const ONLY_FINITE = [
  'does not map',
  'it asks for a finite lease; the router refuses that with 725, and the client does not ask again without one',
];
/** @type {readonly [Outcome, string]} */
const NO_PROTOCOL = ['does not unmap', 'it sends an empty NewProtocol, which the router refuses with 601'];
/** @type {readonly [Outcome, string]} */
const NO_PPP_2 = ['does not map', 'it knows WANIPConnection and WANPPPConnection:1; the router has WANPPPConnection:2'];

/** @type {readonly [Outcome, string]} */
const NO_NAT_PMP = ['does not map', 'it knows NAT-PMP alone, which the router does not have'];

/**
 * Everything that is not "all of it", with its reason.
 *
 * @type {Readonly<Partial<Record<PersonaName, Readonly<Record<string, readonly [Outcome, string]>>>>>}
 */
export const SHORTFALLS = {
  default: { natpmpc: NO_NAT_PMP, '@achingbrain/nat-port-mapper': NO_PROTOCOL },
  miniupnpd: { '@achingbrain/nat-port-mapper': NO_PROTOCOL },
  'fritzbox-7590': { natpmpc: NO_NAT_PMP, '@achingbrain/nat-port-mapper': NO_PROTOCOL },
  mikrotik: {
    natpmpc: NO_NAT_PMP,
    upnpc: ONLY_FINITE,
    'python3-miniupnpc': ONLY_FINITE,
    'gupnp-igd': ONLY_FINITE,
    libtorrent: [
      'is not in the table',
      'it takes the first connection service, which is not connected; the table is that of the second, which is',
    ],
    'Godot 3': ONLY_FINITE,
    '@achingbrain/nat-port-mapper': [
      'does not map',
      'it searches for InternetGatewayDevice:2 over IPv4; the router is version 1',
    ],
    '@runonflux/nat-upnp': ONLY_FINITE,
    '@silentbot1/nat-api': ONLY_FINITE,
  },
  livebox: {
    natpmpc: NO_NAT_PMP,
    libtorrent: NO_PPP_2,
    '@achingbrain/nat-port-mapper': NO_PPP_2,
    '@runonflux/nat-upnp': NO_PPP_2,
    '@silentbot1/nat-api': NO_PPP_2,
  },
};
