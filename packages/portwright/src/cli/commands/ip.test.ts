import { describe, expect, it } from 'vitest';
import { GATEWAY_JSON, run, runJson, simulated } from '../host.test-support.ts';

describe('ip', () => {
  it('prints the address and nothing else', async () => {
    const { container } = simulated();
    expect(await run(['ip'], { container })).toEqual({ status: 0, stdout: '5.5.5.1\n', stderr: '' });
    expect((await runJson(['ip'], { container })).json).toEqual({
      externalAddress: '5.5.5.1',
      externalAddressClass: 'public',
      gateway: { via: 'upnp-igd', ...GATEWAY_JSON },
    });
  });

  it.each([
    ['192.168.0.7', 'private', 'a private address'],
    ['100.64.3.4', 'shared', "an address that the provider's customers share"],
  ])('warns of %s', async (externalAddress, externalAddressClass, what) => {
    const { container } = simulated({ externalAddress });
    const { status, stdout, stderr } = await run(['ip'], { container });
    expect({ status, stdout }).toEqual({ status: 0, stdout: `${externalAddress}\n` });
    expect(stderr).toContain(
      `warning: ${externalAddress} is ${what}: there is another router between this one and the Internet`,
    );
    expect((await runJson(['ip'], { container })).json).toEqual({
      externalAddress,
      externalAddressClass,
      gateway: { via: 'upnp-igd', ...GATEWAY_JSON },
      warnings: [expect.stringContaining('another router') as string],
    });
  });

  it.each(['127.0.0.1', '::1', '169.254.1.2', 'fe80::1', '224.0.0.1', '240.0.0.1', '198.51.100.7'])(
    'warns that %s is no external address',
    async (externalAddress) => {
      const { container } = simulated({ externalAddress });
      const { status, stdout, stderr } = await run(['ip'], { container });
      expect({ status, stdout }).toEqual({ status: 0, stdout: `${externalAddress}\n` });
      expect(stderr).toMatch(
        new RegExp(`^warning: ${externalAddress} is an? [^:]+: nobody on the Internet can reach it\\. Look for `),
      );
    },
  );

  it.each([
    ['reset-after-request', 'reset'],
    ['http-500-without-fault', 'http-status'],
  ] as const)('fails with the error of the connection after %s', async (fault, code) => {
    const { router, container } = simulated();
    router.inject(fault, { on: 'GetExternalIPAddress' });
    const { status, json } = await runJson(['ip'], { container });
    expect(status).not.toBe(0);
    expect(json).toMatchObject({ error: { kind: 'transport', code } });
  });

  it('fails where the gateway does not know it', async () => {
    const { container } = simulated({ externalAddress: '' });
    const { status, stdout, stderr } = await run(['ip'], { container });
    expect({ status, stdout }).toEqual({ status: 1, stdout: '' });
    expect(stderr).toBe(
      'portwright: the router reports no external address\n' +
        '  It is connected, but without a public address, as behind another router. The status command shows more.\n',
    );
    const offline = simulated({ externalAddress: '', isWanUp: false });
    expect((await run(['ip'], { container: offline.container })).stderr).toContain(
      'It may have no Internet connection. The status command shows more.\n',
    );
    expect((await runJson(['ip'], { container })).json).toMatchObject({
      error: { kind: 'unknown', code: 'external-address' },
    });
  });
});
