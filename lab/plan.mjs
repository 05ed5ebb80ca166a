// @ts-check
import { join } from 'node:path';

/**
 * The three hosts of a lab: a client behind the gateway, the gateway, and a host outside.
 *
 * @typedef {'lan' | 'gw' | 'wan'} HostName
 */

/**
 * What can be chosen about a lab. Everything else, addresses above all, is the same in every lab, so that two runs of one
 * test see the same bytes.
 *
 * @typedef {object} LabOptions
 * @property {string} [name] tells this lab from others that are up at the same time: 1 to 20 of a-z, 0-9 and "-"
 * @property {boolean} [igd1] the gateway describes itself as an InternetGatewayDevice:1 (default: version 2)
 * @property {boolean} [secureMode] mappings only to the address that asks for them (default: to any address on the LAN)
 * @property {boolean} [doubleNat] the gateway's external address is a private one, and so it refuses to map (default: public)
 * @property {number} [httpPort] the port of the device description and of the control URLs (default: 5000)
 * @property {boolean} [ipv6] IPv6 on every link and in the gateway (default: on)
 * @property {boolean} [upnp] UPnP: SSDP, and HTTP at `httpPort` (default: on)
 * @property {boolean} [natpmp] NAT-PMP and PCP on UDP port 5351 (default: on)
 * @property {import('./firewall.mjs').FirewallName} [firewall] the kernel's interface for NAT, and the build of miniupnpd for
 *   it; iptables needs {@link file://./iptables-build.mjs} (default: nftables)
 * @property {boolean} [daemon] a real gateway on the gateway's host; without, the network is there for another one to serve
 *   (default: on)
 */

/**
 * A lab on paper: names, addresses and settings, before anything exists.
 *
 * @typedef {object} LabPlan
 * @property {string} name
 * @property {string} directory where its files are
 * @property {Readonly<Record<HostName, string>>} namespaces
 * @property {Readonly<Required<Omit<LabOptions, 'name'>>>} settings
 */

/** Where labs keep their files. Namespaces end with the machine's uptime, and so does /run: neither outlives the other. */
export const LABS_DIRECTORY = '/run/portwright-lab';

/** The device that the gateway says it is. miniupnpd counts the last digits up for its embedded devices. */
export const GATEWAY_UUID = '5c1f9a36-77d1-4d2e-9c0b-0a4d00010000';

/** The addresses of the LAN: the gateway is the first host, the client the second. */
export const LAN = {
  subnet: '10.77.0.0/24',
  gateway: '10.77.0.1',
  host: '10.77.0.2',
  gateway6: 'fd77::1',
  host6: 'fd77::2',
  subnet6: 'fd77::/64',
};

// miniupnpd disables port forwarding when its external address is a reserved one, documentation ranges among them, so the
// outside of the lab has to borrow a public range: nothing of it leaves the namespaces.
const PUBLIC_WAN = { gateway: '5.5.5.1', host: '5.5.5.2', gateway6: '2a00:5::1', host6: '2a00:5::2' };
const PRIVATE_WAN = { ...PUBLIC_WAN, gateway: '192.168.5.1', host: '192.168.5.2' };

/**
 * The addresses outside: the gateway's external ones, and those of the host that stands for the Internet.
 *
 * @param {LabPlan} plan
 */
export function wanOf(plan) {
  return plan.settings.doubleNat ? PRIVATE_WAN : PUBLIC_WAN;
}

/**
 * Draws the plan of a lab, and refuses what no lab can be.
 *
 * @param {LabOptions & { name: string }} options
 * @returns {LabPlan}
 * @throws {RangeError} a name or a port that cannot be
 */
export function planLab({ name, igd1, secureMode, doubleNat, httpPort, ipv6, upnp, natpmp, firewall, daemon }) {
  if (!/^[a-z0-9][a-z0-9-]{0,19}$/.test(name)) {
    throw new RangeError(`A lab's name is 1 to 20 of a-z, 0-9 and "-", not ${JSON.stringify(name)}.`);
  }
  const port = httpPort ?? 5000;
  if (!Number.isInteger(port) || port < 1 || port > 65535) {
    throw new RangeError(`The gateway's HTTP port is a number from 1 to 65535, not ${port}.`);
  }
  return {
    name,
    directory: join(LABS_DIRECTORY, name),
    namespaces: { lan: `portwright-${name}-lan`, gw: `portwright-${name}-gw`, wan: `portwright-${name}-wan` },
    settings: {
      igd1: igd1 ?? false,
      secureMode: secureMode ?? false,
      doubleNat: doubleNat ?? false,
      httpPort: port,
      ipv6: ipv6 ?? true,
      upnp: upnp ?? true,
      natpmp: natpmp ?? true,
      firewall: firewall ?? 'nftables',
      daemon: daemon ?? true,
    },
  };
}
