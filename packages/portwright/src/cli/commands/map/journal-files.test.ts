/** Whose journals `map --keep --journal` takes over. */
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { run, simulated } from '../../host.test-support.ts';
import {
  ENTRY,
  GONE,
  PARENT,
  journals,
  keep,
  read,
  makeStateFolders,
  stateFolder,
  write,
} from './journal.test-support.ts';

makeStateFolders();

describe('map --keep --journal', () => {
  it('leaves alone what belongs to a process that runs', async () => {
    const { container, router } = simulated();
    expect((await run(['map', '7777'], { container })).status).toBe(0);
    await write(`journal/${PARENT}.json`, ENTRY);
    expect((await keep({ container })).status).toBe(0);
    expect(await journals()).toEqual([`${PARENT}.json`]);
    expect(router.mappings()).toHaveLength(1);
  });

  it('cleans up what a process left whose pid another one has now', async () => {
    const { container, router } = simulated();
    expect((await run(['map', '7777'], { container })).status).toBe(0);
    await write(`journal/${process.ppid}-1x1.json`, ENTRY);
    await write(`journal/${process.ppid}-1x1.1.json.${process.ppid}`);
    const { status, stdout } = await keep({ container });
    expect([status, stdout]).toEqual([0, expect.stringMatching(/^Unmapped TCP port 7777 /)]);
    expect(await journals()).toEqual([]);
    expect(router.mappings()).toEqual([]);
  });

  it('leaves alone what nobody can tell the owner of, and names it once a run', async () => {
    const { container, router } = simulated();
    expect((await run(['map', '7777'], { container })).status).toBe(0);
    const name = `${process.ppid}-unknown.json`;
    await write(`journal/${name}`, ENTRY);
    const { status, stderr } = await keep({ container });
    expect(status).toBe(0);
    expect(stderr).toBe(
      'warning: Cannot tell whether the Portwright that wrote this journal still runs. Its ports may still be mapped; ' +
        `check with the list command, and delete the file if it has ended: ${join(stateFolder, 'journal', name)}\n`,
    );
    expect(await journals()).toEqual([name]);
    expect(await read(join(stateFolder, 'journal', name))).toEqual([ENTRY]);
    expect(router.mappings()).toHaveLength(1);
  });

  it('cleans up what nobody could tell the owner of, once there is no process with its pid', async () => {
    const { container, router } = simulated();
    expect((await run(['map', '7777'], { container })).status).toBe(0);
    await write('journal/99999999-unknown.json', ENTRY);
    expect((await keep({ container })).status).toBe(0);
    expect(await journals()).toEqual([]);
    expect(router.mappings()).toEqual([]);
  });

  it('removes what a process that is gone was writing, and leaves alone what one writes that runs', async () => {
    const { container } = simulated();
    const ofRunning = `${PARENT}.json.${process.ppid}`;
    await write(`${GONE}.99999999`);
    await write(`journal/${ofRunning}`);
    expect(await keep({ container })).toMatchObject({ status: 0 });
    expect(await journals()).toEqual([ofRunning]);
  });
});
