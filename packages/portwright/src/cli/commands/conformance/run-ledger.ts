/** The conformance runs in progress on this computer: a file per process, which is ignored after the process has ended. */
import type { RunLedger } from '@portwright/conformance';

/** Milliseconds, longer than any run. After that, the pid belongs to another process. */
const LONGEST_RUN_MS = 3_600_000;

/** Keeps its files in the state folder. If that cannot be written, other runs do not know of this one. */
export function runLedger(stateFolder: string): RunLedger {
  const { promises } = process.getBuiltinModule('node:fs');
  const { join } = process.getBuiltinModule('node:path');
  const folder = join(stateFolder, 'conformance');
  const ignore = (): null => null;

  const isOf = async (name: string, run: string): Promise<boolean> => {
    const path = join(folder, name);
    if ((await promises.readFile(path, 'utf8').catch(ignore))?.trim() !== run) return false;
    const { mtimeMs } = await promises.stat(path);
    if (isAlive(Number(name)) && Date.now() - mtimeMs < LONGEST_RUN_MS) return true;
    await promises.rm(path, { force: true });
    return false;
  };

  return {
    enter: async (run) => {
      const path = join(folder, String(process.pid));
      await promises
        .mkdir(folder, { recursive: true })
        .then(() => promises.writeFile(path, `${run}\n`, { mode: 0o600 }))
        .catch(ignore);
      return () =>
        promises
          .rm(path, { force: true })
          .catch(ignore)
          .then(() => undefined);
    },
    has: async (run) => {
      for (const name of (await promises.readdir(folder).catch(ignore)) ?? []) {
        if (name !== String(process.pid) && (await isOf(name, run).catch(ignore)) === true) return true;
      }
      return false;
    },
  };
}

function isAlive(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch (error) {
    // It exists, and belongs to another user.
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
}
