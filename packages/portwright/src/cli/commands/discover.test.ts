import { describe, expect, it } from 'vitest';
import { GATEWAY_JSON, run, runJson, simulated } from '../host.test-support.ts';

describe('discover', () => {
  it('shows every device, and what it is good for', async () => {
    const { container } = simulated();
    expect(await run(['discover'], { container })).toEqual({
      status: 0,
      stderr: '',
      stdout: [
        'Simulated router',
        '  http://192.168.1.1:5000/description.xml',
        '  Portwright Simulated IGD:2 1, InternetGatewayDevice:2',
        "  maps ports: WANIPConnection:2 (this computer's default router)",
        '',
      ].join('\n'),
    });
  });

  it('as JSON', async () => {
    const { container } = simulated();
    const { status, stderr, json } = await runJson(['discover'], { container });
    expect({ status, stderr }).toEqual({ status: 0, stderr: '' });
    expect(json).toEqual({
      devices: [
        {
          location: GATEWAY_JSON.location,
          name: GATEWAY_JSON.name,
          manufacturer: GATEWAY_JSON.manufacturer,
          model: GATEWAY_JSON.model,
          modelNumber: '1',
          deviceType: 'urn:schemas-upnp-org:device:InternetGatewayDevice:2',
          udn: GATEWAY_JSON.udn,
          isGateway: true,
          connectionServices: [{ serviceType: GATEWAY_JSON.serviceType, controlUrl: GATEWAY_JSON.controlUrl }],
          searchTargets: expect.arrayContaining(['urn:schemas-upnp-org:device:InternetGatewayDevice:1']) as string[],
          server: expect.stringContaining('UPnP/1.1') as string,
          from: '192.168.1.1',
          isDefaultGateway: true,
          localAddress: '192.168.1.2',
        },
      ],
      rejected: [],
      search: {
        received: expect.any(Number) as number,
        malformed: 0,
        beyondLimits: 0,
        interfaces: [{ name: 'lan0', address: '192.168.1.2', family: 'ipv4' }],
        unsearched: [],
        defaultRouter: '192.168.1.1',
        isRouterSearched: true,
        timeoutMs: 2000,
        late: [],
      },
    });
  });

  it('over IPv6 too, where asked', async () => {
    const { container } = simulated();
    const { json } = await runJson(['discover', '--ipv6'], { container });
    const { devices } = json as { readonly devices: readonly { readonly location: string }[] };
    expect(devices.map(({ location }) => location).sort()).toEqual([
      'http://192.168.1.1:5000/description.xml',
      'http://[fd77::1]:5000/description.xml',
      'http://[fe80::1%25lan0]:5000/description.xml',
    ]);
  });

  it('fails where nobody answers, and says what to do', async () => {
    const { container } = simulated({ answeredTargets: [] });
    const { status, stdout, stderr } = await run(['discover'], { container, isTTY: true });
    expect({ status, stdout }).toEqual({ status: 1, stdout: '' });
    expect(stderr).toMatch(
      /^portwright: no device answered the search on lan0 \(192\.168\.1\.2\); the default\n {2}router is 192\.168\.1\.1\n {2}Turn on UPnP/,
    );
    expect((await runJson(['discover'], { container })).json).toEqual({
      error: {
        kind: 'no-gateway',
        code: 'no-answer',
        message: 'no device answered the search on lan0 (192.168.1.2); the default router is 192.168.1.1',
        candidates: [],
        search: expect.objectContaining({ defaultRouter: '192.168.1.1', isRouterSearched: true }) as object,
        hint:
          "Turn on UPnP in the router's settings. If it is on, a firewall on this computer, a guest network or a VPN may " +
          'hide the router. If you know the URL of its description, pass --gateway URL to the other commands.',
      },
    });
  });
});
