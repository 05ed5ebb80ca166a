import { TRANSPORT, type Transport, type TransportError } from '@portwright/core';
import { addMapping, gatewayAt } from '@portwright/core/upnp';
import { errAsync, ResultAsync } from '@portwright/core/result';
import { expect, it } from 'vitest';
import { run, simulated, type Run, type RunOptions } from './host.test-support.ts';

/** A simulated router that takes that many milliseconds for each answer over HTTP. */
function slow(ms: number): ReturnType<typeof simulated> {
  const { container, router } = simulated({ isSecure: false });
  const { transport } = router;
  const { clock, http } = transport;
  const late: TransportError = { kind: 'transport', code: 'timeout', message: 'no complete answer in time' };
  const request: Transport['http']['request'] = (message, limits) =>
    ResultAsync.fromSafePromise(clock.sleep(Math.min(ms, limits.deadlineMs), limits.signal)).andThen(() =>
      ms < limits.deadlineMs
        ? http.request(message, { ...limits, deadlineMs: limits.deadlineMs - ms })
        : errAsync(late),
    );
  container.register(TRANSPORT, { useValue: { ...transport, http: { request } } });
  return { container, router };
}

/** On a router that has the port 7070 mapped. */
const COMMANDS: readonly (readonly string[])[] = [
  ['map', '7777'],
  ['map', '7777', '--protocol', 'both'],
  ['map', '7777', '--any', '--json'],
  ['map', '7777', '--all'],
  ['unmap', '7070'],
  ['list'],
  ['ip'],
  ['status'],
  ['discover'],
  ['map', '7777', '--all', '--ipv6'],
  ['pinhole', 'add', '7777'],
];

const URL = 'http://192.168.1.1:5000/description.xml';
const PLACES: readonly (readonly string[])[] = [[], ['--gateway', URL]];
const CASES = COMMANDS.flatMap((command) => PLACES.map((place) => [...command, ...place])).filter(
  (words) => !(words.includes('--gateway') && (words.includes('discover') || words.includes('--all'))),
);

it.each([...CASES, ['describe', URL], ['map', '7777', '--remember']].map((words) => [words.join(' '), words] as const))(
  '%s waits for as long as --timeout says',
  async (_name, words) => {
    for (const [ms, timeout] of [
      [3_500, '10000'],
      [9_000, '20000'],
      [19_000, '40000'],
    ] as const) {
      const { container, router } = slow(ms);
      const { gateway } = (await gatewayAt(router.transport, URL))._unsafeUnwrap();
      (await addMapping(gateway, { externalPort: 7070, protocol: 'TCP' }))._unsafeUnwrap();
      const { status, stderr } = await run([...words, '--timeout', timeout], { container });
      expect(status, `${ms} ms: ${stderr}`).toBe(0);
    }
  },
);

it('map finds a router that takes 3.5 s for each answer without --timeout', async () => {
  const { container } = slow(3_500);
  expect((await run(['map', '7777'], { container })).status).toBe(0);
});

/** Runs a command until it has printed a text; then Ctrl-C. */
function untilPrinted(words: readonly string[], text: string, options: RunOptions): Promise<Run> {
  const interrupt = new AbortController();
  let printed = '';
  const onStdout = (more: string): void => {
    printed += more;
    if (printed.includes(text)) interrupt.abort();
  };
  return run(words, { ...options, signal: interrupt.signal, onStdout });
}

it.each([
  [3_500, []],
  [3_500, ['--timeout', '10000']],
  [9_000, ['--timeout', '20000']],
  [19_000, ['--timeout', '40000']],
] as const)('map --keep unmaps at Ctrl-C on a router that takes %i ms for each answer: %j', async (ms, timeout) => {
  const { container, router } = slow(ms);
  const { status, stderr } = await untilPrinted(['map', '7777', '--keep', ...timeout], 'Press Ctrl-C', { container });
  expect(status, stderr).toBe(0);
  expect(router.mappings()).toEqual([]);
});

it('watch shows an event of a router that takes 9 s for each answer', async () => {
  const { container, router } = slow(9_000);
  const shown = untilPrinted(['watch', '--timeout', '20000'], '5.5.5.9', { container });
  await router.clock.advance('3m');
  router.changeExternalAddress('5.5.5.9');
  await router.clock.advance('5s');
  expect((await shown).stdout).toMatch(/The external address is now 5\.5\.5\.9, public \(event\)/);
});
