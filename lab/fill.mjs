// @ts-check
/** @import { Lab } from './lab.mjs' */

const FIRST_PORT = 20_000;

/** How each build of miniupnpd gets many mappings. @type {Readonly<Record<string, (lab: Lab, count: number) => Promise<void>>>} */
const WAYS = {
  /** As it writes its rules itself, all at once: it compares each that it is asked for with all that there are. */
  async nftables(lab, count) {
    const rule = (/** @type {number} */ port) =>
      `add rule inet filter prerouting_miniupnpd iif "wan0" meta l4proto udp @nh,72,8 0x11 th dport ${port} dnat ip to ${lab.lanAddress}:${port}\n`;
    const input = ports(count).map(rule).join('');
    const { code, stderr } = await lab.gw.exec('nft', ['-f', '-'], { input });
    if (code !== 0) throw new Error(stderr);
  },

  /** It adds them itself, as after a reboot. */
  async iptables(lab, count) {
    const mappings = ports(count).map((port) => ({
      protocol: /** @type {const} */ ('UDP'),
      externalPort: port,
      internalClient: lab.lanAddress,
      internalPort: port,
      expires: 0,
      description: `game ${port}`,
    }));
    await lab.restartGateway({ mappings });
  },
};

/**
 * Fills the gateway's table with UDP ports from 20000 on, which lead to the client.
 *
 * @param {Lab} lab
 * @param {number} count
 */
export async function fillTable(lab, count) {
  await WAYS[lab.plan.settings.firewall]?.(lab, count);
}

/** @param {number} count */
function ports(count) {
  return Array.from({ length: count }, (_, at) => FIRST_PORT + at);
}
