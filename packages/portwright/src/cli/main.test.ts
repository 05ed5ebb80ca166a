import { TRANSPORT, type Transport } from '@portwright/core';
import { describe, expect, it } from 'vitest';
import { COMMANDS } from './commands/index.ts';
import { run, runJson, simulated, widestLine } from './host.test-support.ts';

describe('on a terminal', () => {
  const long = 'A gateway 路由器 with a name that is longer than any line of a terminal has room for it, by far';
  const options = { friendlyName: long, manufacturer: long, modelName: long, externalAddress: '192.168.255.254' };

  it.each(Object.keys(COMMANDS))('%s fits into 80 columns, whatever the gateway calls itself', async (name) => {
    const { container, router } = simulated(options);
    await run(['map', '65535', '--description', long], { container });
    const gateway6 = ['--gateway', 'http://[fd77::1]:5000/description.xml'];
    await run(['pinhole', 'add', '8080', ...gateway6], { container });
    const argv =
      {
        map: ['65534'],
        unmap: ['65535'],
        'pinhole add': ['8081', ...gateway6],
        'pinhole update': ['1', ...gateway6],
        'pinhole delete': ['1', ...gateway6],
        'pinhole check': ['1', ...gateway6],
        describe: [router.descriptionUrl],
        simulate: ['--list'],
        conformance: ['--list'],
        'wan-host': ['--address', '127.0.0.1'],
      }[name] ?? [];
    // One that goes on is ended by its first line.
    const interrupt = new AbortController();
    const onStdout = name === 'watch' || name === 'wan-host' ? interrupt.abort.bind(interrupt) : undefined;
    const { status, stdout, stderr } = await run([...name.split(' '), ...argv], {
      container,
      isTTY: true,
      signal: interrupt.signal,
      onStdout,
    });
    expect({ name, status }).toEqual({ name, status: 0 });
    expect(widestLine(stdout)).toBeLessThanOrEqual(80);
    expect(widestLine(stderr)).toBeLessThanOrEqual(80);
  });

  it('nothing that a device says can steer it', async () => {
    const nasty = '\u001b[2J\u001b]0;owned\u0007\u009b31m\u202eevil';
    const { container, router } = simulated({ friendlyName: nasty, manufacturer: nasty, modelName: nasty });
    await run(['map', '7777', '--description', 'x'], { container });
    for (const argv of [['discover'], ['status'], ['list'], ['describe', router.descriptionUrl]]) {
      for (const text of [await run(argv, { container, isTTY: true }), await runJson(argv, { container })]) {
        expect(text.stdout + text.stderr).not.toMatch(/[\u0000-\u0009\u000b-\u001f\u007f-\u009f\u202e]/);
      }
    }
  });
});

describe('interrupted', () => {
  it('in a search: status 130, and nothing was asked of anybody', async () => {
    const { container, router } = simulated({ answeredTargets: [] });
    const interrupt = new AbortController();
    const running = run(['map', '7777', '--timeout', '3600000'], { container, signal: interrupt.signal });
    await router.clock.advance('30s');
    interrupt.abort();
    const { status, stdout, stderr } = await running;
    expect({ status, stdout }).toEqual({ status: 130, stdout: '' });
    expect(stderr).toMatch(/^portwright: .*interrupted\n$/);
    expect(router.exchanges().filter(({ kind }) => kind === 'http')).toEqual([]);
  });

  /** A simulated gateway, and the signal of a person who interrupts just as this is asked for. */
  function interruptedAt(action: string) {
    const { container, router } = simulated();
    const interrupt = new AbortController();
    const whole = container.resolve<Transport>(TRANSPORT);
    const child = container.createChildContainer();
    const http: Transport['http'] = {
      request: (request, options) => {
        if (request.headers.some(([, value]) => value.includes(`#${action}`))) interrupt.abort();
        return whole.http.request(request, options);
      },
    };
    child.register(TRANSPORT, { useValue: { ...whole, http } });
    return { router, options: { container: child, signal: interrupt.signal } };
  }

  it('in the middle of a report: half of it is not shown', async () => {
    const { options } = interruptedAt('GetCommonLinkProperties');
    const { status, json } = await runJson(['status'], options);
    expect(status).toBe(130);
    expect(json).toEqual({ error: { kind: 'transport', code: 'aborted', message: 'the report was interrupted' } });
  });

  it('while mapping: what was mapped is unmapped again', async () => {
    const { router, options } = interruptedAt('AddPortMapping');
    const { status, json } = await runJson(['map', '7777', '--protocol', 'both'], options);
    expect(status).toBe(130);
    expect(json).toMatchObject({
      error: { kind: 'not-mapped', code: 'aborted', message: "can't map TCP port 7777: interrupted", attempts: [] },
    });
    expect(router.mappings()).toEqual([]);
  });
});

describe('a mistake of ours', () => {
  it('is an error like any other', async () => {
    const container = {
      resolve: () => {
        throw new Error('oops');
      },
    } as never;
    const { status, stdout, stderr } = await run(['ip'], { container });
    expect({ status, stdout }).toEqual({ status: 1, stdout: '' });
    expect(stderr).toMatch(/^portwright: internal error: oops\n {2}This is a bug in Portwright/);
    expect((await runJson(['ip'], { container })).json).toMatchObject({
      error: {
        kind: 'internal',
        message: 'internal error: oops',
        stack: expect.stringContaining('main.test.ts') as string,
      },
    });
  });
});
