import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { run, simulated } from '../host.test-support.ts';

let home: string;
beforeEach(async () => {
  home = await mkdtemp(join(tmpdir(), 'portwright-'));
});
afterEach(() => rm(home, { recursive: true }));

describe('--remember', () => {
  it('writes down which gateway was found, and asks that one the next time', async () => {
    const { container, router } = simulated();
    const stateFolder = join(home, 'state', 'portwright');
    expect((await run(['map', '7777', '--remember'], { container, stateFolder })).status).toBe(0);
    expect(JSON.parse(await readFile(join(stateFolder, 'gateway.json'), 'utf8'))).toEqual([
      {
        location: 'http://192.168.1.1:5000/description.xml',
        udn: 'uuid:7f1d5e3a-2c4b-4d6e-8f90-a1b2c3d4e500',
        controlUrl: 'http://192.168.1.1:5000/control/WANIPConn1',
      },
    ]);
    // A search would find nothing.
    router.inject('udp-loss');
    const { status, stdout } = await run(['ip', '--remember'], { container, stateFolder });
    expect({ status, stdout }).toEqual({ status: 0, stdout: '5.5.5.1\n' });
    expect(await run(['ip'], { container, stateFolder })).toMatchObject({ status: 1 });
  });

  it('does without a folder that can be written', async () => {
    const { container } = simulated();
    expect(await run(['ip', '--remember'], { container, stateFolder: '/dev/null/x' })).toMatchObject({ status: 0 });
  });
});
