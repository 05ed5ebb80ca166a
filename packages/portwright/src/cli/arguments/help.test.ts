/** Help is written from the declarations of the commands. */
import { describe, expect, it } from 'vitest';
import { COMMANDS } from '../commands/index.ts';
import { run } from '../host.test-support.ts';
import { parseArguments } from './parse-arguments.ts';

const host = { invocation: 'portwright' };

function split(text: string): readonly string[] {
  return text.split(' ').filter((word) => word !== '');
}

describe('help', () => {
  it.each([
    '--help',
    '-h',
    'help',
    'pinhole --help',
    'help pinhole',
    ...Object.keys(COMMANDS).flatMap((name) => [`${name} --help`, `help ${name}`]),
  ])('%s fits into 80 columns', async (argv) => {
    for (const invocation of ['portwright', 'npm start --', 'pnpm -s portwright']) {
      const { status, stdout, stderr } = await run(split(argv), { invocation });
      expect({ status, stderr }).toEqual({ status: 0, stderr: '' });
      expect(stdout).toMatch(/^Usage: /);
      expect(stdout).toMatch(/\n$/);
      expect(stdout.split('\n').filter((line) => line.length > 80)).toEqual([]);
    }
  });

  it.each([...Object.keys(COMMANDS), 'pinhole'])('help %s is its --help', async (name) => {
    expect(await run(['help', ...name.split(' ')])).toEqual(await run([...name.split(' '), '--help']));
  });

  it('shows what every command has behind what is its own', async () => {
    for (const argv of [['map'], ['demo'], ['pinhole']]) {
      const { stdout } = await run([...argv, '--help']);
      expect(stdout).toMatch(/^Options:\n(?: .*\n)+\nGlobal Options:\n(?: .*\n)* {2}--simulate {2}/m);
    }
    const { stdout } = await run(['conformance', '--help']);
    expect(stdout.match(/^ {2}--simulate\b/gm)).toHaveLength(1);
    expect(stdout).toMatch(/^ {2}--simulate <persona> {2}/m);
  });

  it('says which options exclude each other', async () => {
    const page = (await run(['map', '--help'])).stdout.replaceAll(/\s+/g, ' ');
    expect(page).toContain('one protocol at a time');
    expect(page).toContain('not with --trust-conflicts, --keep, --gateway, --remember');
    expect(page).toMatch(/--keep keep [^;]*renew it[^;]*; [^;]*; not with --all /);
    expect((await run(['pinhole', 'list', '--help'])).stdout).not.toContain('--remember');
  });

  it.each(['simulate', 'wan-host'])('%s does not offer --simulate', async (name) => {
    expect((await run([name, '--help'])).stdout).not.toContain('--simulate ');
  });

  it('names every command', async () => {
    const { stdout } = await run(['--help']);
    for (const name of Object.keys(COMMANDS)) expect(stdout).toMatch(new RegExp(`^  ${name}\\b`, 'm'));
  });

  it('the examples in it are right', async () => {
    const pages = [['--help'], ['map', '--help'], ['pinhole', 'add', '--help'], ['conformance', '--help']];
    const texts = await Promise.all(pages.map((argv) => run(argv)));
    const examples = texts.flatMap(({ stdout }) =>
      [...stdout.matchAll(/^ {2}portwright (.*?) {2}/gm)].map(([, argv]) => argv),
    );
    expect(examples).toHaveLength(17);
    for (const argv of examples) expect(parseArguments(split(argv ?? ''), host).kind).toBe('request');
  });

  it.each(['', 'map', 'pinhole', 'pinhole add'])('%j', async (topic) => {
    expect((await run([...split(topic), '--help'])).stdout).toMatchSnapshot();
  });

  it.each([
    ['help', '--help'],
    ['-h map', '--help'],
    ['map --foo -h', 'map --help'],
    ['map 1 2 3 --help', 'map --help'],
    ['foo --help', '--help'],
    ['pinhole help', 'pinhole --help'],
    ['pinhole help add', 'pinhole add --help'],
    ['help --json pinhole add', 'pinhole add --help'],
  ])('%j shows the page of %j', (argv, same) => {
    const parsed = parseArguments(split(argv), host);
    expect(parsed.kind).toBe('help');
    expect(parsed).toEqual(parseArguments(split(same), host));
  });
});
