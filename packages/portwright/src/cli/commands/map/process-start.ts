/** Which process a journal belongs to. A pid alone does not say: the system gives it to another process later. */

/** In place of the start time, where the system does not tell it. */
export const UNKNOWN_START = 'unknown';

/** `undecided`: a process has the pid, and nobody can tell whether it is the same one. */
export type Liveness = 'running' | 'ended' | 'undecided';

/**
 * @param recorded - the start of the process that wrote the journal
 * @param actual - the start of the process that has its pid now; null: there is none
 */
export function livenessOf(recorded: string, actual: string | null): Liveness {
  if (actual === null) return 'ended';
  if (recorded === UNKNOWN_START || actual === UNKNOWN_START) return 'undecided';
  return recorded === actual ? 'running' : 'ended';
}

/** Tells the start of a process, in letters and digits, as long as the process runs. */
export interface ProcessSource {
  readonly platform: NodeJS.Platform;
  readonly exists: (pid: number) => boolean;
  readonly read: (path: string) => Promise<string>;
  /** The output of a command. */
  readonly run: (file: string, args: readonly string[]) => Promise<string>;
}

/** @returns {@link UNKNOWN_START} where the system does not tell; null: there is no such process */
export async function startOf(pid: number, source: ProcessSource = system()): Promise<string | null> {
  if (!source.exists(pid)) return null;
  try {
    const start = await readStart(pid, source);
    if (start !== null) return start;
  } catch {
    // Below.
  }
  return source.exists(pid) ? UNKNOWN_START : null;
}

async function readStart(pid: number, { platform, read, run }: ProcessSource): Promise<string | null> {
  if (platform === 'linux') {
    const [stat, bootId] = await Promise.all([read(`/proc/${pid}/stat`), read('/proc/sys/kernel/random/boot_id')]);
    return linuxStart(stat, bootId);
  }
  return platform === 'darwin' ? macStart(await run('/usr/bin/env', [...PS, String(pid)])) : null;
}

/** A process reads the same in every language and time zone. */
const PS = ['LC_ALL=C', 'TZ=UTC', '/bin/ps', '-o', 'lstart=', '-p'];

/** `starttime` counts clock ticks from the boot on (proc(5)), so that the boot has to be the same. */
export function linuxStart(stat: string, bootId: string): string | null {
  // The name of the program, in parentheses, may hold spaces and parentheses. The third field follows it.
  const ticks = stat.slice(stat.lastIndexOf(')') + 2).split(' ')[22 - 3] ?? '';
  const boot = bootId.replace(/[^\da-f]/g, '');
  return /^\d+$/.test(ticks) && boot !== '' ? `${ticks}x${boot}` : null;
}

/** `Sun Nov 29 00:24:37 2026`. */
export function macStart(lstart: string): string | null {
  return lstart.replace(/\W+/g, '') || null;
}

function system(): ProcessSource {
  const { readFile } = process.getBuiltinModule('node:fs').promises;
  return {
    platform: process.platform,
    exists,
    read: (path) => readFile(path, 'utf8'),
    run: (file, args) => {
      const { execFile } = process.getBuiltinModule('node:child_process');
      return new Promise((resolve, reject) => {
        execFile(file, args, { timeout: 5_000 }, (error, stdout) => {
          if (error === null) resolve(stdout);
          else reject(new Error(error.message));
        });
      });
    },
  };
}

function exists(pid: number): boolean {
  try {
    // Signal 0 only checks that the process exists.
    return process.kill(pid, 0);
  } catch (error) {
    // It exists, and belongs to another user.
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
}
