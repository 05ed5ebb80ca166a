import { deadHost, MemoryNetwork } from '@portwright/transport-mock';
import { TRANSPORT, type Transport } from '@portwright/core';
import { errAsync } from '@portwright/core/result';
import { describe, expect, it } from 'vitest';
import { GATEWAY_JSON, run, runJson, simulated } from '../host.test-support.ts';

describe('--gateway with a name where only an address will do', () => {
  it('says to give the address', async () => {
    const { container } = simulated();
    const argv = ['conformance', '--gateway', 'http://fritz.box:49000/igddesc.xml'];
    expect(await run(argv, { container })).toEqual({
      status: 1,
      stdout: '',
      stderr:
        'portwright: "http://fritz.box:49000/igddesc.xml" is not allowed: it has a host name\n' +
        '  Use an IP address in the URL, such as http://192.168.1.1:5000/rootDesc.xml.\n',
    });
    expect((await runJson(argv, { container })).json).toMatchObject({
      error: { code: 'host-name', hint: 'Use an IP address in the URL, such as http://192.168.1.1:5000/rootDesc.xml.' },
    });
  });
});

describe('a gateway that can not be used', () => {
  it('is listed, with the reason', async () => {
    const network = new MemoryNetwork();
    const { container } = simulated({ network });
    // Whoever answered is switched off by the time that its description is asked for.
    network.attach(deadHost('192.168.1.77'));
    const failing = container.createChildContainer();
    const whole = container.resolve<Transport>(TRANSPORT);
    const http: Transport['http'] = {
      request: () => errAsync({ kind: 'transport', code: 'refused', message: 'nobody listens there' }),
    };
    failing.register(TRANSPORT, { useValue: { ...whole, http } });
    const { status, stdout, stderr } = await run(['map', '7777'], { container: failing });
    expect({ status, stdout }).toEqual({ status: 1, stdout: '' });
    expect(stderr).toMatch(
      /^portwright: 192\.168\.1\.1 answered the search, but its description at http:\/\/192\.168\.1\.1:5000\/description\.xml can't be used: nobody listens there; 192\.168\.1\.1 answers neither PCP nor NAT-PMP\n {2}Restart the router.*--gateway URL\.\n$/,
    );
    expect((await runJson(['map', '7777'], { container: failing })).json).toMatchObject({
      error: {
        kind: 'no-gateway',
        candidates: [
          { location: GATEWAY_JSON.location, reason: 'nobody listens there' },
          { code: 'no-server' },
          { code: 'no-server' },
        ],
      },
    });
  });
});

describe('a router whose description is at the port of another service', () => {
  it('is not asked, and the message says how to do so', async () => {
    const { container } = simulated({ httpPort: 81 });
    const { status, stderr } = await run(['list'], { container });
    expect(status).toBe(1);
    expect(stderr).toMatch(
      /^portwright: 192\.168\.1\.1 answered the search, but the URL in its answer is refused: .*port is below 1024.*\n {2}.*--gateway http:\/\/192\.168\.1\.1:81\/description\.xml\.\n$/,
    );
  });

  it.each([['--any-location'], ['--gateway', 'http://192.168.1.1:81/description.xml']])(
    'is used with %s',
    async (...options) => {
      const { container } = simulated({ httpPort: 81 });
      expect((await run(['list', ...options], { container })).status).toBe(0);
    },
  );

  it('--gateway leaves --any-location nothing to do', async () => {
    const { status, stderr } = await run(['list', '--any-location', '--gateway', 'http://192.168.1.1/']);
    expect(status).toBe(2);
    expect(stderr).toContain('--any-location');
  });
});
