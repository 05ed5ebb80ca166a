import { describe, expect, it } from 'vitest';
import { GATEWAY_JSON, run, runJson, simulated } from '../host.test-support.ts';

describe('demo', () => {
  it('shows each step, and how long it took', async () => {
    const { container, router } = simulated();
    const { status, stdout, stderr } = await run(['demo'], { container });
    expect({ status, stderr }).toEqual({ status: 0, stderr: '' });
    expect(
      stdout.replace(/ +\d\d? ms|\d\.\d ms/g, (time) => time.replace(/\d/g, '#').replace(/^ +/, ' ')),
    ).toMatchSnapshot();
    expect(router.mappings()).toEqual([]);
  });

  it('as JSON', async () => {
    const { container } = simulated();
    const elapsedMs = expect.any(Number) as number;
    expect((await runJson(['demo'], { container })).json).toMatchObject({
      steps: [
        { name: 'find', elapsedMs, result: GATEWAY_JSON },
        { name: 'ip', elapsedMs, result: { externalAddress: '5.5.5.1' } },
        { name: 'map', elapsedMs, result: { externalPort: 7777 } },
        { name: 'list', elapsedMs, result: [{ externalPort: 7777 }] },
        { name: 'unmap', elapsedMs, result: [] },
      ],
      elapsedMs,
    });
  });

  it('names the commands as the person has typed this one', async () => {
    const { container } = simulated();
    const { stdout } = await run(['demo'], { container, invocation: 'npm start --', isTTY: true });
    expect(stdout).toContain('  npm start -- map 7777 ');
    expect(stdout).toContain('  ✓ Find the router');
  });
});
