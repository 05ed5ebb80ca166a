/** Fresh clones of this tree, and commands that run in them as a person runs them. */
import { execFileSync, spawn, type ChildProcess } from 'node:child_process';
import { copyFileSync, existsSync, lstatSync, mkdirSync, readdirSync, readlinkSync } from 'node:fs';
import { dirname, join } from 'node:path';

const root = join(import.meta.dirname, '../..');

/** Copies what a commit of the present tree would hold. */
export function cloneTo(folder: string): void {
  const listed = execFileSync('git', ['ls-files', '--cached', '--others', '--exclude-standard', '-z'], { cwd: root });
  for (const file of String(listed).split('\0').filter(Boolean)) {
    // A file that is removed but not committed is listed, too.
    if (!existsSync(join(root, file))) continue;
    mkdirSync(dirname(join(folder, file)), { recursive: true });
    copyFileSync(join(root, file), join(folder, file));
  }
}

export interface Ended {
  readonly status: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

export interface Run {
  readonly child: ChildProcess;
  readonly ended: Promise<Ended>;
}

/** What an outer npm or vitest tells its children. */
const OUTER = /^(npm_(?!config_(registry|cafile|https?_proxy|noproxy)$)|INIT_CWD$|NODE_OPTIONS$|VITEST)/;

/** Begins a command in a process group of its own. */
export function begin(command: string, args: readonly string[], cwd: string, env: NodeJS.ProcessEnv = {}): Run {
  const outer = Object.entries(process.env).filter(([name]) => !OUTER.test(name));
  const child = spawn(command, args, {
    cwd,
    env: { ...Object.fromEntries(outer), ...env },
    detached: true,
    stdio: 'pipe',
  });
  let [stdout, stderr] = ['', ''];
  child.stdout.on('data', (piece) => (stdout += String(piece)));
  child.stderr.on('data', (piece) => (stderr += String(piece)));
  return {
    child,
    ended: new Promise((resolve, reject) => {
      child.on('error', reject);
      child.on('close', (status) => {
        resolve({ status, stdout, stderr });
      });
    }),
  };
}

export function run(command: string, args: readonly string[], cwd: string, env?: NodeJS.ProcessEnv): Promise<Ended> {
  return begin(command, args, cwd, env).ended;
}

/** Sends a signal to a command and to everything that it has started. */
export function signalAll({ child }: Run, signal: NodeJS.Signals): void {
  if (child.pid !== undefined) process.kill(-child.pid, signal);
}

/** All files of the dependencies, each with its size or the target of its link. Links are not followed. */
export function installedFiles(clone: string): readonly string[] {
  const folders = ['', ...readdirSync(join(clone, 'packages')).map((name) => `packages/${name}/`)];
  const files = folders.flatMap((folder) => filesIn(clone, `${folder}node_modules`));
  // pnpm's notes hold times. What it had begun when it was killed stays behind under a name that nothing looks for.
  return files.filter(
    (file) => !/-stage_|^node_modules\/\.(modules\.yaml|pnpm-workspace-state|pnpm\/lock\.yaml)/.test(file),
  );
}

function filesIn(clone: string, folder: string): readonly string[] {
  if (!existsSync(join(clone, folder))) return [];
  return readdirSync(join(clone, folder), { withFileTypes: true }).flatMap((entry) => {
    const file = `${folder}/${entry.name}`;
    if (entry.isDirectory()) return filesIn(clone, file);
    return entry.isSymbolicLink()
      ? `${file} -> ${readlinkSync(join(clone, file))}`
      : `${file} ${lstatSync(join(clone, file)).size}`;
  });
}
