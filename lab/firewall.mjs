// @ts-check
/** The gateway's firewalls: what lets nothing in from outside unless asked, with the chains that miniupnpd fills. */
import { IPTABLES_BUILD } from './iptables-build.mjs';
import { run } from './network.mjs';

/** @typedef {'nftables' | 'iptables'} FirewallName */

/**
 * @typedef {object} Firewall
 * @property {string} daemon the build of miniupnpd for it
 * @property {(namespace: string) => void} reset as after a reboot: a firewall with no mappings
 */

const NFT_RULES = `flush ruleset
table inet filter {
  chain miniupnpd {}
  chain prerouting_miniupnpd {}
  chain postrouting_miniupnpd {}
  chain forward {
    type filter hook forward priority 0; policy drop;
    ct state established,related accept
    iifname "lan0" accept
    jump miniupnpd
  }
  chain prerouting {
    type nat hook prerouting priority -100;
    jump prerouting_miniupnpd
  }
  chain postrouting {
    type nat hook postrouting priority 100;
    jump postrouting_miniupnpd
    oifname "wan0" meta nfproto ipv4 masquerade
  }
}
`;

const IPTABLES_FILTER = `*filter
:FORWARD DROP
:MINIUPNPD -
-A FORWARD -m state --state ESTABLISHED,RELATED -j ACCEPT
-A FORWARD -i lan0 -j ACCEPT
-A FORWARD -i wan0 -j MINIUPNPD
COMMIT
`;

const IPTABLES_RULES = `*nat
:MINIUPNPD -
:MINIUPNPD-POSTROUTING -
-A PREROUTING -i wan0 -j MINIUPNPD
-A POSTROUTING -o wan0 -j MINIUPNPD-POSTROUTING
-A POSTROUTING -o wan0 -j MASQUERADE
COMMIT
${IPTABLES_FILTER}`;

/** @type {Readonly<Record<FirewallName, Firewall>>} */
export const FIREWALLS = {
  nftables: {
    daemon: 'miniupnpd',
    reset: (namespace) => {
      run('ip', ['netns', 'exec', namespace, 'nft', '-f', '-'], NFT_RULES);
    },
  },
  iptables: {
    daemon: IPTABLES_BUILD,
    reset: (namespace) => {
      run('ip', ['netns', 'exec', namespace, 'iptables-legacy-restore'], IPTABLES_RULES);
      run('ip', ['netns', 'exec', namespace, 'ip6tables-legacy-restore'], IPTABLES_FILTER);
    },
  },
};
