/** The command on real sockets, on loopback: in this process, so that what it prints is seen as it comes. */
import { createSocket } from 'node:dgram';
import { createServer, type AddressInfo } from 'node:net';
import { describe, expect, test } from 'vitest';
import { addMapping, deleteMapping, gatewayAt } from '../../upnp.ts';
import { run, runJson, widestLine, type Run, type RunOptions } from '../host.test-support.ts';

interface Served {
  readonly url: string;
  /** Ctrl-C. */
  readonly stop: () => Promise<Run>;
}

/** Runs it until it says where it is. */
async function serve(argv: readonly string[], options: RunOptions = {}): Promise<Served> {
  const interrupt = new AbortController();
  let running: Promise<Run> | undefined;
  const url = await new Promise<string>((resolve, reject) => {
    const onStdout = (text: string): void => {
      const url = /http:\/\/[\d.]+:\d+\/\S*?(?=["\s])/.exec(text)?.[0];
      if (url !== undefined) resolve(url);
    };
    running = run(['simulate', ...argv], { ...options, signal: interrupt.signal, onStdout });
    void running.then(({ stdout, stderr }) => {
      reject(new Error(`it ended: ${stdout}${stderr}`));
    });
  });
  return {
    url,
    stop: () => {
      interrupt.abort();
      return running as Promise<Run>;
    },
  };
}

/** Maps two ports, of which one is refused, and unmaps one. */
async function use(url: string): Promise<void> {
  const { gateway } = (await gatewayAt(url))._unsafeUnwrap();
  const options = { protocol: 'TCP', leaseSeconds: 3600 } as const;
  (await addMapping(gateway, { ...options, externalPort: 7777, protocol: 'UDP' }))._unsafeUnwrap();
  (await addMapping(gateway, { ...options, externalPort: 80 }))._unsafeUnwrapErr();
  (await addMapping(gateway, { ...options, externalPort: 8080 }))._unsafeUnwrap();
  (await deleteMapping(gateway, { externalPort: 8080, protocol: 'TCP' }))._unsafeUnwrap();
}

describe('simulate', () => {
  test('says how a client reaches it, what it was asked, and which ports stood at the end', async () => {
    const { url, stop } = await serve([], { isTTY: true });
    await use(url);
    const { status, stdout, stderr } = await stop();
    expect({ status, stderr }).toEqual({ status: 0, stderr: '' });
    expect(
      stdout
        .replaceAll(/^\d\d:\d\d:\d\d/gm, '##:##:##')
        .replaceAll(url, 'URL')
        .replace(/(?<=UDP port )\d+/, '####'),
    ).toBe(
      [
        'Simulated router is running at URL',
        'It answers searches sent to UDP port #### of that address.',
        'To use it from a client:',
        '',
        '  portwright map 7777 --gateway URL',
        '  upnpc -u URL -a 127.0.0.1 7777 7777 tcp 3600',
        '',
        'Press Ctrl-C to stop.',
        '',
        '##:##:##  127.0.0.1        GET /description.xml: ok',
        '##:##:##  127.0.0.1        GetStatusInfo: ok',
        '##:##:##  127.0.0.1        GetExternalIPAddress: ok',
        '##:##:##  127.0.0.1        AddPortMapping UDP 7777 -> 127.0.0.1:7777, 3600 s: ok',
        '##:##:##  127.0.0.1        AddPortMapping TCP 80 -> 127.0.0.1:80, 3600 s: 606 Action not authorized',
        '##:##:##  127.0.0.1        AddPortMapping TCP 8080 -> 127.0.0.1:8080, 3600 s: ok',
        '##:##:##  127.0.0.1        DeletePortMapping TCP 8080: ok',
        '',
        'Stopped. These ports were mapped:',
        '',
        'PROTOCOL  EXTERNAL  INTERNAL        LEASE   DESCRIPTION',
        'UDP           7777  127.0.0.1:7777  1 hour  Portwright',
        '',
      ].join('\n'),
    );
  });

  test('with --json prints a document a line, and nothing else', async () => {
    const { url, stop } = await serve(['--json']);
    await use(url);
    const { status, stdout, stderr } = await stop();
    expect({ status, stderr }).toEqual({ status: 0, stderr: '' });
    const events = stdout
      .trimEnd()
      .split('\n')
      .map((line) => JSON.parse(line) as Readonly<Record<string, unknown>>);
    expect(events[0]).toEqual({
      event: 'serving',
      name: 'Simulated router',
      protocols: ['upnp'],
      address: '127.0.0.1',
      httpPort: Number(new URL(url).port),
      ssdpPort: expect.any(Number) as number,
      portControlPort: null,
      descriptionUrl: url,
    });
    expect(events).toContainEqual({
      event: 'request',
      at: expect.stringMatching(/^\d{4}-\d\d-\d\dT.*Z$/) as string,
      client: '127.0.0.1',
      request: 'AddPortMapping TCP 80 -> 127.0.0.1:80, 3600 s',
      answer: '606 Action not authorized',
      isOk: false,
      faults: [],
    });
    expect(events.at(-1)).toMatchObject({
      event: 'stopped',
      mappings: [{ externalPort: 7777, protocol: 'UDP', internalClient: '127.0.0.1' }],
    });
  });

  test('is the router that is asked for', async () => {
    const { url, stop } = await serve(['--persona', 'mikrotik', '--json']);
    const { gateway } = (await gatewayAt(url))._unsafeUnwrap();
    const refused = await addMapping(gateway, { externalPort: 7777, protocol: 'TCP', leaseSeconds: 3600 });
    expect(refused._unsafeUnwrapErr()).toMatchObject({ kind: 'upnp-fault', code: 725 });
    expect((await stop()).stdout).toContain('"answer":"725 ');
  });

  test('says what of PCP and NAT-PMP it serves, and does without UPnP', async () => {
    const interrupt = new AbortController();
    const onStdout = (text: string): void => {
      if (text.includes('Press Ctrl-C')) interrupt.abort();
    };
    const { status, stdout, stderr } = await run(['simulate', '--persona', 'openwrt-upnp-off'], {
      isTTY: true,
      signal: interrupt.signal,
      onStdout,
    });
    expect({ status, stderr }).toEqual({ status: 0, stderr: '' });
    expect(stdout).toBe(
      [
        'Simulated router is running at 127.0.0.1',
        'It answers PCP and NAT-PMP requests sent to UDP port 5351 of 127.0.0.1.',
        'To use it from a client:',
        '',
        '  portwright map 7777 --gateway pcp://127.0.0.1',
        '  natpmpc -g 127.0.0.1 -a 7777 7777 tcp 3600',
        '',
        'Press Ctrl-C to stop.',
        '',
        '',
        'Stopped. No ports were mapped.',
        '',
      ].join('\n'),
    );
  });

  test('where another program has the port of PCP, it is an error, or the rest is served', async () => {
    const taken = createSocket('udp4');
    await new Promise<void>((bound) => taken.bind(5351, '127.0.0.1', bound));
    const failed = await run(['simulate', '--persona', 'openwrt-upnp-off']);
    const { stop } = await serve(['--persona', 'openwrt', '--json']);
    const served = await stop();
    taken.close();
    expect(failed.status).toBe(1);
    expect(failed.stderr).toContain('UDP port 5351 of 127.0.0.1');
    expect(served.status).toBe(0);
    expect(served.stdout).toContain('"portControlPort":null');
    expect(served.stdout).toContain('Another program answers PCP or NAT-PMP there.');
  });

  test('lists the routers: a table that fits a terminal, and a document', async () => {
    const { status, stdout } = await run(['simulate', '--list'], { isTTY: true });
    expect(status).toBe(0);
    expect(stdout).toMatch(/^PERSONA +BEHAVIOR\n/);
    expect(stdout).toMatch(/^mikrotik {2,}\S/m);
    expect(widestLine(stdout)).toBeLessThanOrEqual(80);
    expect(stdout).not.toContain('…');
    expect((await runJson(['simulate', '--list'])).json).toMatchObject({
      personas: expect.arrayContaining([
        {
          name: 'igd1',
          title: expect.any(String) as string,
          quirk: expect.any(String) as string,
          protocols: ['upnp'],
        },
      ]) as unknown,
    });
  });

  test('does not know every persona', async () => {
    expect(await run(['simulate', '--persona', 'mikrotic'])).toEqual({
      status: 2,
      stdout: '',
      stderr: 'portwright: unknown persona "mikrotic" (Did you mean mikrotik?). See: portwright simulate --list\n',
    });
  });

  test('is at an address of this computer, or nowhere', async () => {
    const { status, stdout, stderr } = await run(['simulate', '--address', '192.0.2.1']);
    expect({ status, stdout }).toEqual({ status: 2, stdout: '' });
    expect(stderr).toMatch(
      /^portwright: --address must be an IPv4 address of this computer \(.*127\.0\.0\.1.*\), not "192\.0\.2\.1"\. See: /,
    );
  });

  test('where the port is taken says so', async () => {
    const server = createServer();
    await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening));
    const port = String((server.address() as AddressInfo).port);
    const { status, stdout, stderr } = await run(['simulate', '--port', port]);
    server.close();
    expect({ status, stdout }).toEqual({ status: 1, stdout: '' });
    expect(stderr).toContain(`TCP port ${port} of 127.0.0.1`);
    expect(stderr).toContain('pass another --address or --port');
  });
});
