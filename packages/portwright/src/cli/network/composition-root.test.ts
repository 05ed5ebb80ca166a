import 'reflect-metadata/lite';
import { TRANSPORT, type Transport } from '@portwright/core';
import { container as globalContainer } from 'tsyringe';
import { describe, expect, it } from 'vitest';
import { createContainer } from './composition-root.ts';
import { run, simulated } from '../host.test-support.ts';

describe('the composition', () => {
  it('is real or simulated, by one registration', async () => {
    const real = (await createContainer({ simulate: false })).resolve<Transport>(TRANSPORT);
    const fake = (await createContainer({ simulate: true })).resolve<Transport>(TRANSPORT);
    const namesOf = async ({ interfaces }: Transport): Promise<readonly string[]> =>
      (await interfaces.list())._unsafeUnwrap().map(({ name }) => name);
    expect(await namesOf(fake)).toContain('lan0');
    expect(await namesOf(real)).not.toContain('lan0');
  });

  it('leaves the global container alone, and each run to itself', async () => {
    const [one, other] = await Promise.all([createContainer({ simulate: true }), createContainer({ simulate: true })]);
    expect(globalContainer.isRegistered(TRANSPORT)).toBe(false);
    expect(one.resolve<Transport>(TRANSPORT).http).not.toBe(other.resolve<Transport>(TRANSPORT).http);
  });

  it('looks host names up only where a person has typed one', async () => {
    const request = { method: 'GET', url: 'http://localhost:1/', headers: [], body: new Uint8Array(0) };
    const codeOf = async (allowHostNames: boolean): Promise<string> => {
      const composed = await createContainer({ simulate: false, http: { allowHostNames } });
      const { http } = composed.resolve<Transport>(TRANSPORT);
      return (await http.request(request, { deadlineMs: 2000, maxBodyBytes: 0 }))._unsafeUnwrapErr().code;
    };
    expect(await codeOf(false)).toBe('not-permitted');
    expect(await codeOf(true)).toBe('refused');
  });

  it('can be swapped in a child container', async () => {
    const parent = simulated({ externalAddress: '5.5.5.1' });
    const child = parent.container.createChildContainer();
    child.register(TRANSPORT, { useValue: simulated({ externalAddress: '6.6.6.1' }).router.transport });
    expect((await run(['ip'], { container: parent.container })).stdout).toBe('5.5.5.1\n');
    expect((await run(['ip'], { container: child })).stdout).toBe('6.6.6.1\n');
    expect((await run(['ip'], { container: parent.container })).stdout).toBe('5.5.5.1\n');
  });

  it('runs on the simulated gateway with --simulate', async () => {
    expect(await run(['ip', '--simulate'])).toEqual({ status: 0, stdout: '5.5.5.1\n', stderr: '' });
  });
});
