import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { expect, it } from 'vitest';

const MODULE = new URL('./close-on-exit.ts', import.meta.url).href;

/** A process that closes something on its end, and says when. */
async function run(body: string, signal?: NodeJS.Signals) {
  const code = `import { closeOnExit } from ${JSON.stringify(MODULE)};
    const closable = { close: async () => { await new Promise((r) => setTimeout(r, 20)); console.log('closed'); } };
    ${body}`;
  // Node 20 takes no types by itself, and a data URL has no packages beside it.
  const { buildSync } = await import('esbuild');
  const { outputFiles } = buildSync({
    entryPoints: [fileURLToPath(MODULE)],
    bundle: true,
    write: false,
    format: 'esm',
    platform: 'node',
  });
  const stripped = outputFiles[0]?.text ?? '';
  const url = `data:text/javascript,${encodeURIComponent(stripped)}`;
  const child = spawn(
    process.execPath,
    ['--input-type=module', '--eval', code.replace(JSON.stringify(MODULE), JSON.stringify(url))],
    {
      stdio: ['ignore', 'pipe', 'inherit'],
    },
  );
  let output = '';
  let isSent = false;
  child.stdout.on('data', (piece) => {
    output += String(piece);
    // More may have come with it.
    if (signal === undefined || isSent || !output.includes('ready\n')) return;
    isSent = child.kill(signal);
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
  const never = 'closeOnExit({ close: () => new Promise(() => {}) }, { patienceMs: 50 });';
  expect(await run(`${never} ${STAY}`, 'SIGTERM')).toMatchObject({ by: 'SIGTERM', output: 'ready\n' });
});

it.each(['Infinity', '2 ** 31'])('waits for what takes its time with a patience of %s', async (patienceMs) => {
  const patient = `closeOnExit(closable, { patienceMs: ${patienceMs} });`;
  expect(await run(`${patient} ${STAY}`, 'SIGTERM')).toMatchObject({ by: 'SIGTERM', output: 'ready\nclosed\n' });
});

/** Takes its time, and says when it begins and when it is done. */
const SLOW = `const slow = (name, ms) => ({ close: async () => {
  console.log(name); await new Promise((r) => setTimeout(r, ms)); console.log(name + ' closed');
} });`;

it('waits for all of several, and closes them side by side', async () => {
  const several = "closeOnExit(slow('a', 10)); closeOnExit(slow('b', 400));";
  expect(await run(`${SLOW} ${several} ${STAY}`, 'SIGINT')).toEqual({
    status: null,
    by: 'SIGINT',
    output: 'ready\na\nb\na closed\nb closed\n',
  });
});

it('waits for one beside another that can’t be closed', async () => {
  const failing =
    'closeOnExit({ close: () => { throw new Error(); } }); closeOnExit({ close: () => Promise.reject(1) });';
  expect(await run(`${failing} closeOnExit(closable); ${STAY}`, 'SIGINT')).toMatchObject({
    by: 'SIGINT',
    output: 'ready\nclosed\n',
  });
});

it('closes what is added while it closes', async () => {
  const adding = 'closeOnExit({ close: async () => { closeOnExit(closable); } });';
  expect(await run(`${adding} ${STAY}`, 'SIGINT')).toMatchObject({ by: 'SIGINT', output: 'ready\nclosed\n' });
});

it('goes on closing when the signal comes while it does so by itself', async () => {
  // However late the signal comes, closing is not done yet.
  const late = `closeOnExit({ close: async () => {
    console.log('ready');
    const alive = setInterval(() => {}, 1000);
    await new Promise((signalled) => process.once('SIGINT', signalled));
    clearInterval(alive);
    await slow('it', 20).close();
  } });`;
  expect(await run(`${SLOW} ${late}`, 'SIGINT')).toMatchObject({ by: 'SIGINT', output: 'ready\nit\nit closed\n' });
});

it('ends at once on a second signal', async () => {
  const again =
    "closeOnExit({ close: () => { console.log('once'); setTimeout(() => process.kill(process.pid, 'SIGINT')); return new Promise(() => {}); } });";
  expect(await run(`${again} ${STAY}`, 'SIGINT')).toMatchObject({ by: 'SIGINT', output: 'ready\nonce\n' });
});

it('goes on with the others when one is taken back', async () => {
  expect(await run(`closeOnExit(closable); closeOnExit(closable)(); ${STAY}`, 'SIGTERM')).toMatchObject({
    by: 'SIGTERM',
    output: 'ready\nclosed\n',
  });
});
