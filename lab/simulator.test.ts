/** Clients that are not Portwright's do their whole job against `portwright simulate`, and believe it. */
import { once } from 'node:events';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { skipWithoutLab } from './availability.mjs';
import { createLab, type Lab } from './lab.mjs';
import { startSimulator, type Ended } from './simulator.mjs';

const CLIENTS = ['upnpc', 'gssdp-discover', "python3's miniupnpc", 'godot3-server'] as const;

describe.skipIf(skipWithoutLab([...CLIENTS]))('on portwright simulate', () => {
  let lab: Lab;
  beforeAll(async () => {
    // The network alone: the simulated gateway stands where miniupnpd would.
    lab = await createLab({ daemon: false });
  });
  afterAll(() => {
    lab.close();
  });

  /** Runs a client as often as it likes; what it printed each time, and what the gateway has to say. */
  async function meet(
    use: (run: Run, descriptionUrl: string) => Promise<void>,
    ...args: readonly string[]
  ): Promise<Ended & { readonly printed: readonly string[] }> {
    const simulator = await startSimulator(lab, args);
    const printed: string[] = [];
    const run: Run = async (command, ...given) => {
      const home = lab.plan.directory;
      const { code, stdout } = await lab.lan.exec(command, given, { env: { HOME: home }, cwd: home });
      printed.push(stdout);
      return code;
    };
    try {
      await use(run, simulator.descriptionUrl);
    } finally {
      ended = await simulator.stop();
    }
    expect(ended).toMatchObject({ code: 0, stderr: '' });
    return { ...ended, printed };
  }
  type Run = (command: string, ...args: readonly string[]) => Promise<number | null>;
  let ended: Ended;

  describe('upnpc', () => {
    it('-l finds it, and lists what there is', async () => {
      const { printed, said } = await meet(async (run) => {
        expect(await run('upnpc', '-l')).toBe(0);
      });
      expect(printed[0]).toContain(' desc: http://10.77.0.1:5000/description.xml\n');
      expect(printed[0]).toContain('Found valid IGD : http://10.77.0.1:5000/control/WANIPConn1\n');
      expect(printed[0]).toContain('Local LAN ip address : 10.77.0.2\nConnection Type : IP_Routed\nStatus : Connected');
      expect(printed[0]).toContain('ExternalIPAddress = 5.5.5.1\n');
      expect(said[0]).toBe('M-SEARCH urn:schemas-upnp-org:device:InternetGatewayDevice:1: 1 answer');
      expect(said.at(-1)).toBe('GetGenericPortMappingEntry 0: 713 SpecifiedArrayIndexInvalid');
    });

    it('-s reads the status, the rates and the counters', async () => {
      const { printed, said } = await meet(async (run, url) => {
        expect(await run('upnpc', '-u', url, '-s')).toBe(0);
      });
      expect(printed[0]).toContain(
        'MaxBitRateDown : 100000000 bps (100.0 Mbps)   MaxBitRateUp 10000000 bps (10.0 Mbps)',
      );
      expect(printed[0]).toMatch(/^Bytes: {3}Sent: +\d+\tRecv: +\d+$/m);
      expect(said).toEqual(expect.arrayContaining(['GetTotalBytesSent: ok', 'GetTotalPacketsReceived: ok']));
    });

    it('-a maps, -d unmaps, and says so if there was nothing', async () => {
      const { printed, said, mappings } = await meet(async (run, url) => {
        expect(await run('upnpc', '-u', url, '-e', 'my game', '-a', '@', '7777', '17777', 'udp', '3600')).toBe(0);
        expect(await run('upnpc', '-u', url, '-a', '@', '8080', '18080', 'tcp', '600')).toBe(0);
        expect(await run('upnpc', '-u', url, '-l')).toBe(0);
        expect(await run('upnpc', '-u', url, '-d', '18080', 'tcp')).toBe(0);
        expect(await run('upnpc', '-u', url, '-d', '18080', 'tcp')).toBe(2);
      });
      expect(printed[0]).toContain(
        'external 5.5.5.1:17777 UDP is redirected to internal 10.77.0.2:7777 (duration=3600)',
      );
      expect(printed[2]).toMatch(
        / 0 UDP 17777->10\.77\.0\.2:7777 {2}'my game' '' 3\d\d\d\n 1 TCP 18080->10\.77\.0\.2:8080 {2}'libminiupnpc' ''/,
      );
      expect(printed[3]).toContain('UPNP_DeletePortMapping() returned : 0');
      expect(printed[4]).toContain('UPNP_DeletePortMapping() failed with code : 714');
      expect(said).toContain('AddPortMapping UDP 17777 -> 10.77.0.2:7777, 3600 s: ok');
      expect(said.slice(-1)).toEqual(['DeletePortMapping TCP 18080: 714 NoSuchEntryInArray']);
      expect(mappings).toMatchObject([{ externalPort: 17777, protocol: 'UDP', internalClient: '10.77.0.2' }]);
    });

    it('-n takes another port where the one is taken, -r maps several, -N deletes a range', async () => {
      const { printed, said, mappings } = await meet(async (run, url) => {
        expect(await run('upnpc', '-u', url, '-r', '8080', '18080', 'tcp', '9090', 'udp')).toBe(0);
        expect(await run('upnpc', '-u', url, '-n', '@', '7777', '17777', 'udp', '3600')).toBe(0);
        expect(await run('upnpc', '-u', url, '-N', '9000', '9100', 'udp')).toBe(0);
      });
      expect(printed[0]).toContain('external 5.5.5.1:18080 TCP is redirected to internal 10.77.0.2:8080');
      expect(printed[1]).toContain('external 5.5.5.1:17777 UDP is redirected to internal 10.77.0.2:7777');
      expect(printed[2]).toContain('UPNP_DeletePortMappingRange() returned : 0');
      expect(said).toContain('AddAnyPortMapping UDP 17777 -> 10.77.0.2:7777, 3600 s: ok');
      expect(said.at(-1)).toBe('DeletePortMappingRange 9000 9100 UDP 0: ok');
      expect(mappings).toMatchObject([
        { externalPort: 18080, protocol: 'TCP' },
        { externalPort: 17777, protocol: 'UDP' },
      ]);
    });

    it('-L reads a list', async () => {
      const { printed } = await meet(async (run, url) => {
        expect(await run('upnpc', '-u', url, '-a', '@', '8080', '18080', 'tcp', '600')).toBe(0);
        expect(await run('upnpc', '-u', url, '-L')).toBe(0);
      });
      expect(printed[1]).toMatch(/ 0 TCP 18080->10\.77\.0\.2:8080 {2}'libminiupnpc' '' \d+\n/);
    });

    it('-S asks the firewall', async () => {
      const { printed, said } = await meet(async (run, url) => {
        expect(await run('upnpc', '-u', url, '-S')).toBe(0);
      });
      expect(printed[0]).toContain('   Firewall Enabled: Yes\n   Inbound Pinhole Allowed: Yes\n');
      expect(said).toContain('GetFirewallStatus: ok');
    });

    it('-6 finds it over IPv6', async () => {
      const { printed, said } = await meet(async (run) => {
        expect(await run('upnpc', '-6', '-S')).toBe(0);
      });
      expect(printed[0]).toContain(' desc: http://[fe80::aff:fe4d:1]:5000/description.xml\n');
      expect(said).toContain('GetFirewallStatus: ok');
    });

    // Only CDATA is a list to upnpc, and it sends the arguments of AddPinhole in an order of its own; miniupnpd minds neither.
    it('-L reads a list, and -A, -U, -K and -D keep a pinhole, as on miniupnpd', async () => {
      const { printed, said } = await meet(
        async (run, url) => {
          const over6 = url.replace('10.77.0.1', '[fd77::1]');
          expect(await run('upnpc', '-u', url, '-a', '@', '8080', '18080', 'tcp', '600')).toBe(0);
          expect(await run('upnpc', '-u', url, '-L')).toBe(0);
          expect(await run('upnpc', '-u', over6, '-A', '2a00:5::2', '1234', 'fd77::2', '8080', 'tcp', '3600')).toBe(0);
          expect(await run('upnpc', '-u', over6, '-U', '1', '60')).toBe(0);
          expect(await run('upnpc', '-u', over6, '-K', '1')).toBe(0);
          expect(await run('upnpc', '-u', over6, '-D', '1')).toBe(0);
        },
        '--persona',
        'miniupnpd',
      );
      expect(printed[1]).toMatch(/ 0 TCP 18080->10\.77\.0\.2:8080 {2}'libminiupnpc' '' \d+\n/);
      expect(printed[2]).toContain('AddPinhole: ([2a00:5::2]:1234 -> [fd77::2]:8080) / Pinhole ID = 1');
      expect(printed[3]).toContain('UpdatePinhole: Pinhole ID = 1 with Lease Time: 60');
      expect(printed[4]).toContain('GetPinholePackets: Pinhole ID = 1 / PinholePackets = 0');
      expect(printed[5]).toContain('UPNP_DeletePinhole() returned : 0');
      expect(said).toEqual(
        expect.arrayContaining([
          'AddPinhole protocol 6 -> [fd77::2]:8080, 3600 s: ok',
          'UpdatePinhole 1 60: ok',
          'DeletePinhole 1: ok',
        ]),
      );
    });
  });

  it('gssdp-discover finds every device and service', async () => {
    const { printed, said } = await meet(async (run) => {
      expect(await run('gssdp-discover', '-i', 'eth0', '-n', '3')).toBe(0);
    });
    // A name may stand there twice: a gateway that has just come says byebye first, in case that it was there before.
    // Each may stand there twice: a gateway that comes says byebye first, in case that it was there before.
    const found = new Set((printed[0] ?? '').match(/(?<=^ {2}USN: +uuid:[\w-]{35}).*$/gm));
    expect([...found].sort()).toEqual([
      '0',
      '0::upnp:rootdevice',
      '0::urn:schemas-upnp-org:device:InternetGatewayDevice:2',
      '0::urn:schemas-upnp-org:service:Layer3Forwarding:1',
      '1',
      '1::urn:schemas-upnp-org:device:WANDevice:2',
      '1::urn:schemas-upnp-org:service:WANCommonInterfaceConfig:1',
      '2',
      '2::urn:schemas-upnp-org:device:WANConnectionDevice:2',
      '2::urn:schemas-upnp-org:service:WANIPConnection:2',
      '2::urn:schemas-upnp-org:service:WANIPv6FirewallControl:1',
    ]);
    expect(said).toContain('M-SEARCH ssdp:all: 11 answers');
  });

  it("Python's miniupnpc finds it, maps, reads back and unmaps", async () => {
    const { printed, said, mappings } = await meet(async (run) => {
      expect(await run('/usr/bin/python3', '-c', PYTHON)).toBe(0);
    });
    expect(printed).toEqual([
      [
        '1 http://10.77.0.1:5000/control/WANIPConn1 10.77.0.2',
        '5.5.5.1 Connected IP_Routed',
        'True',
        "('10.77.0.2', 5000, 'py', True)",
        '5001',
        'True',
        '',
      ].join('\n'),
    ]);
    expect(said).toContain('AddAnyPortMapping TCP 5001 -> 10.77.0.2:5001, permanent: ok');
    expect(mappings).toMatchObject([{ externalPort: 5001, protocol: 'TCP', description: 'py2' }]);
  });

  it("Godot's UPNP class finds it, maps, asks for the address and unmaps", async () => {
    const { printed, said, mappings } = await meet(async (run) => {
      const script = join(lab.plan.directory, 'simulator.gd');
      writeFileSync(script, GDSCRIPT);
      expect(await run('godot3-server', '--no-window', '-s', script)).toBe(0);
    });
    expect(printed[0]).toContain('discover 0\nvalid True\nmap 0\naddress 5.5.5.1\nunmap 0\n');
    expect(said).toEqual([
      'M-SEARCH urn:schemas-upnp-org:device:InternetGatewayDevice:1: 1 answer',
      'GET /description.xml: ok',
      'GET /description.xml: ok',
      'GetStatusInfo: ok',
      'GetExternalIPAddress: ok',
      // It deletes what it is about to map.
      'DeletePortMapping UDP 7777: 714 NoSuchEntryInArray',
      'AddPortMapping UDP 7777 -> 10.77.0.2:7777, 3600 s: ok',
      'GetExternalIPAddress: ok',
      'DeletePortMapping UDP 7777: ok',
    ]);
    expect(mappings).toEqual([]);
  });

  it('a client hears it go', async () => {
    const listening = lab.lan.exec('gssdp-discover', ['-i', 'eth0', '-n', '6', '-m', 'all']);
    await meet(async (run) => {
      // By the end of this search the other one has found it, too.
      expect(await run('gssdp-discover', '-i', 'eth0', '-n', '2')).toBe(0);
    });
    const { stdout } = await listening;
    expect(stdout).toContain('resource available\n');
    expect(stdout.lastIndexOf('resource unavailable\n')).toBeGreaterThan(stdout.lastIndexOf('resource available\n'));
  });

  it('a second one beside it takes a free port, and says so', async () => {
    const { said } = await meet(async (run, url) => {
      const second = await startSimulator(lab);
      expect(second.descriptionUrl).not.toBe(url);
      expect(second.warnings).toEqual([
        expect.stringMatching(/^Another program uses TCP port 5000, so the router is at port \d+\.$/),
      ]);
      for (const one of [url, second.descriptionUrl]) expect(await run('upnpc', '-u', one, '-s')).toBe(0);
      expect(await second.stop()).toMatchObject({ code: 0, stderr: '' });
    });
    expect(said).toContain('GetStatusInfo: ok');
  });

  it('one that another program keeps from searches is served, and says so', async () => {
    const holder = lab.gw.spawn('python3', ['-c', HOLD_UDP_1900]);
    try {
      await once(holder.stdout ?? holder, 'data');
      const simulator = await startSimulator(lab);
      expect(simulator.warnings).toEqual([
        expect.stringMatching(/^Not served: UDP port 1900 of 10\.77\.0\.1: .*EADDRINUSE/),
      ]);
      expect((await lab.lan.exec('upnpc', ['-u', simulator.descriptionUrl, '-s'])).code).toBe(0);
      expect(await simulator.stop()).toMatchObject({ code: 0, stderr: '' });
    } finally {
      holder.kill();
    }
  });

  it('one whose IPv6 address is tentative is served on IPv4, and says so', async () => {
    const { stdout } = await lab.gw.exec('ip', ['-o', '-4', 'addr', 'show', 'to', '10.77.0.1']);
    const device = stdout.split(/\s+/)[1] ?? '';
    // Hundreds of probes, a second each: the address stays tentative.
    await lab.gw.exec('sysctl', ['-qw', `net.ipv6.conf.${device}.dad_transmits=600`]);
    await lab.gw.exec('sysctl', ['-qw', `net.ipv6.conf.${device}.accept_dad=1`]);
    await lab.gw.exec('ip', ['-6', 'addr', 'del', 'fd77::1/64', 'dev', device]);
    await lab.gw.exec('ip', ['-6', 'addr', 'add', 'fd77::1/64', 'dev', device]);
    try {
      const simulator = await startSimulator(lab);
      expect(simulator.warnings).toEqual([
        expect.stringMatching(/^Not served: UDP port 1900 of fd77::1: .*EADDRNOTAVAIL.* tentative/),
        expect.stringMatching(/^Not served: TCP port 5000 of fd77::1: .*EADDRNOTAVAIL.* tentative/),
      ]);
      expect((await lab.lan.exec('upnpc', ['-s'])).stdout).toContain('ExternalIPAddress = 5.5.5.1\n');
      expect(await simulator.stop()).toMatchObject({ code: 0, stderr: '' });
    } finally {
      await lab.gw.exec('ip', ['-6', 'addr', 'del', 'fd77::1/64', 'dev', device]);
      await lab.gw.exec('ip', ['-6', 'addr', 'add', 'fd77::1/64', 'dev', device, 'nodad']);
    }
  });

  it('one that cannot start ends, and says why', async () => {
    await meet(async (_run, url) => {
      const { port } = new URL(url);
      // The process has to end by itself: nothing stops it here.
      await expect(startSimulator(lab, ['--port', port])).rejects.toThrow(/"address-in-use".*--address or --port/);
    });
  });
});

const HOLD_UDP_1900 = `
import socket
held = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
held.bind(('0.0.0.0', 1900))
print('bound', flush=True)
input()
`;

const PYTHON = `
import miniupnpc
upnp = miniupnpc.UPnP()
upnp.discoverdelay = 1000
print(upnp.discover(), upnp.selectigd(), upnp.lanaddr)
print(upnp.externalipaddress(), upnp.statusinfo()[0], upnp.connectiontype())
print(upnp.addportmapping(5000, 'UDP', upnp.lanaddr, 5000, 'py', ''))
print(upnp.getspecificportmapping(5000, 'UDP')[:4])
print(upnp.addanyportmapping(5001, 'TCP', upnp.lanaddr, 5001, 'py2', ''))
print(upnp.deleteportmapping(5000, 'UDP'))
`;

const GDSCRIPT = `extends SceneTree

func _init():
	var upnp = UPNP.new()
	print("discover ", upnp.discover(2000, 2, "InternetGatewayDevice"))
	print("valid ", upnp.get_gateway().is_valid_gateway())
	print("map ", upnp.add_port_mapping(7777, 7777, "my game", "UDP", 3600))
	print("address ", upnp.query_external_address())
	print("unmap ", upnp.delete_port_mapping(7777, "UDP"))
	quit()
`;
