/** The default routers of a host with several interfaces, and sockets that are connected to them. */
import { describe, expect, it } from 'vitest';
import { skipWithoutLab } from './availability.mjs';
import { createLab, type Lab } from './lab.mjs';
import { runTypeScript } from './typescript.mjs';

const PROGRAM = new URL('ask-the-routers.ts', import.meta.url);

/** The addresses that the kernel makes of the gateway's and the client's hardware addresses. */
const GATEWAY = 'fe80::aff:fe4d:1';
const CLIENT = 'fe80::aff:fe4d:2';

/** A second network of the same two hosts, with a router of its own, and a tunnel, whose default route is preferred. */
function secondNetwork({ plan }: Lab): readonly (readonly [host: 'gw' | 'lan', command: string])[] {
  const { gw } = plan.namespaces;
  return [
    ['lan', `link add eth1 type veth peer name lan1 netns ${gw}`],
    ['lan', 'address add 10.99.0.2/24 dev eth1'],
    ['lan', 'link set eth1 up'],
    ['gw', 'address add 10.99.0.1/24 dev lan1'],
    ['gw', 'link set lan1 up'],
    ['lan', 'route add default via 10.99.0.1 metric 500'],
    ['lan', `route add ::/0 via ${GATEWAY} dev eth0 metric 512`],
    // Its default route has no next hop, as a tunnel's.
    ['lan', 'link add tunnel0 type veth peer name tunnel1'],
    ['lan', 'link set tunnel0 up'],
    ['lan', 'route replace default dev tunnel0 metric 5'],
    ['lan', 'route del default metric 0'],
    ['lan', 'route add default via 10.77.0.1 metric 100'],
  ];
}

/** What a firewall says in place of "port unreachable". */
const PROHIBITED = `table inet prohibited {
  chain input { type filter hook input priority 0; udp dport 5351 reject with icmpx type admin-prohibited; }
}
`;

async function asked(lab: Lab): Promise<readonly string[]> {
  const { stdout, stderr } = await runTypeScript(lab, lab.lan, PROGRAM, ['5351']);
  expect(stderr).toBe('');
  return stdout.trim().split('\n');
}

describe.skipIf(skipWithoutLab())('the default routers', { timeout: 120_000 }, () => {
  it('of two interfaces are told in the order of their metrics, and refuse datagrams by ICMP', async () => {
    await using lab = await createLab({ daemon: false });
    for (const [host, command] of secondNetwork(lab)) {
      const { code, stderr } = await lab[host].exec('ip', command.split(' '));
      expect([command, code, stderr]).toEqual([command, 0, '']);
    }
    expect(await asked(lab)).toEqual([
      'eth0 10.77.0.1 from 10.77.0.2: 2',
      'eth1 10.99.0.1 from 10.99.0.2: 2',
      `eth0 ${GATEWAY}%eth0 from ${CLIENT}%eth0: 2`,
      `eth0 ${String(lab.gatewayAddress6)} from ${String(lab.lanAddress6)}: 2`,
    ]);
  });

  it('may have a firewall that prohibits it: the socket goes on', async () => {
    await using lab = await createLab({ daemon: false });
    await lab.gw.exec('nft', ['-f', '-'], { input: PROHIBITED });
    expect(await asked(lab)).toEqual([
      'eth0 10.77.0.1 from 10.77.0.2: 2',
      `eth0 ${String(lab.gatewayAddress6)} from ${String(lab.lanAddress6)}: 2`,
    ]);
  });
});
