import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it, vi } from 'vitest';
import { run, simulated } from '../../host.test-support.ts';
import {
  ENTRY,
  GONE,
  OWN,
  journals,
  keep,
  read,
  makeStateFolders,
  stateFolder,
  write,
} from './journal.test-support.ts';

makeStateFolders();

describe('map --keep --journal, where a journal of an earlier run is damaged,', () => {
  it('cleans up the entries that can be read, and sets a copy of the file aside', async () => {
    const { container, router } = simulated();
    expect((await run(['map', '7777'], { container })).status).toBe(0);
    await write(GONE, ENTRY, { ...ENTRY, internalPort: 'seven' });
    const bad = `${OWN}.1.json.bad`;
    const { stdout, stderr } = await keep({ container });
    expect(stdout).toMatch(/^Unmapped TCP port 7777 /);
    expect(stderr).toMatch(/^warning: Cannot read a journal of an earlier run.*\.bad\n$/);
    expect(await journals()).toEqual([bad]);
    expect(await read(join(stateFolder, 'journal', bad))).toHaveLength(2);
    expect(router.mappings()).toEqual([]);
  });

  it('names once what can’t be read at all, and sets it aside', async () => {
    const { container } = simulated();
    await mkdir(join(stateFolder, GONE), { recursive: true });
    const bad = `${OWN}.1.json.bad`;
    expect((await keep({ container })).stderr).toBe(
      `warning: Cannot read a journal of an earlier run. Its ports may still be mapped; check with the list command: ${join(stateFolder, 'journal', bad)}\n`,
    );
    expect(await journals()).toEqual([bad]);
    expect(await keep({ container })).toMatchObject({ status: 0, stderr: '' });
  });

  it('keeps a damaged journal as it is where no copy of it can be made', async () => {
    const { container, router } = simulated();
    expect((await run(['map', '7777'], { container })).status).toBe(0);
    await write(GONE, ENTRY, {});
    const copying = vi.spyOn(process.getBuiltinModule('node:fs').promises, 'copyFile');
    copying.mockRejectedValue(new Error('ENOSPC: no space left on device'));
    const { stderr } = await keep({ container });
    copying.mockRestore();
    expect(stderr).toContain(`check with the list command: ${join(stateFolder, 'journal', `${OWN}.1.json`)}\n`);
    expect(await read(join(stateFolder, 'journal', `${OWN}.1.json`))).toHaveLength(2);
    expect(router.mappings()).toHaveLength(1);
  });

  it.each(['', 'garbage', '{}', '[]', '{"version":2,"leases":[]}', '{"version":1,"leases":[{}]}', '{"version":1,'])(
    'tells once of one that is damaged (%o), and sets it aside',
    async (text) => {
      const { container } = simulated();
      await mkdir(join(stateFolder, 'journal'));
      await writeFile(join(stateFolder, GONE), text);
      const bad = `${OWN}.1.json.bad`;
      expect(await keep({ container })).toMatchObject({
        status: 0,
        stderr: `warning: Cannot read a journal of an earlier run. Its ports may still be mapped; check with the list command: ${join(stateFolder, 'journal', bad)}\n`,
      });
      expect(await journals()).toEqual([bad]);
      expect(await readFile(join(stateFolder, 'journal', bad), 'utf8')).toBe(text);
      expect(await keep({ container })).toMatchObject({ status: 0, stderr: '' });
      expect(await journals()).toEqual([bad]);
    },
  );
});
