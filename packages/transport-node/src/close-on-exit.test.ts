import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { expect, it } from 'vitest';

const MODULE = new URL('./close-on-exit.ts', import.meta.url).href;

/** A process that closes something on its end, and says when. */
async function run(body: string, signal?: NodeJS.Signals) {
  const code = `import { closeOnExit } from ${JSON.stringify(MODULE)};
    const closable = { close: async () => { await new Promise((r) => setTimeout(r, 20)); console.log('closed'); } };
    ${body}`;
  // Node 20 takes no types by itself: this file has none but in its declarations, which esbuild strips.
  const { transformSync } = await import('esbuild');
  const { readFileSync } = await import('node:fs');
  const stripped = transformSync(readFileSync(new URL(MODULE), 'utf8'), { loader: 'ts', format: 'esm' }).code;
  const url = `data:text/javascript,${encodeURIComponent(stripped)}`;
  const child = spawn(
    process.execPath,
    ['--input-type=module', '--eval', code.replace(JSON.stringify(MODULE), JSON.stringify(url))],
    {
      stdio: ['ignore', 'pipe', 'inherit'],
    },
  );
  let output = '';
  child.stdout.on('data', (piece) => {
    output += String(piece);
    if (signal !== undefined && output.endsWith('ready\n')) child.kill(signal);
  });
  const [status, by] = (await once(child, 'close')) as [number | null, NodeJS.Signals | null];
  return { status, by, output };
}

const STAY = "setInterval(() => {}, 1000); console.log('ready');";

it.each(['SIGINT', 'SIGTERM', 'SIGHUP'] as const)('closes on %s, which then ends the process', async (signal) => {
  expect(await run(`closeOnExit(closable); ${STAY}`, signal)).toEqual({
    status: null,
    by: signal,
    output: 'ready\nclosed\n',
  });
});

it('closes when there is nothing left to do', async () => {
  expect(await run('closeOnExit(closable);')).toEqual({ status: 0, by: null, output: 'closed\n' });
});

it('does nothing once it was taken back', async () => {
  expect(await run(`closeOnExit(closable)(); ${STAY}`, 'SIGTERM')).toMatchObject({ by: 'SIGTERM', output: 'ready\n' });
});

it('ends all the same when closing never ends', async () => {
  const never = 'closeOnExit({ close: () => new Promise(() => {}) });';
  expect(await run(`${never} ${STAY}`, 'SIGTERM')).toMatchObject({ by: 'SIGTERM', output: 'ready\n' });
});
