import { spawnSync } from 'node:child_process';
import { existsSync, readdirSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { skipWithoutLab } from './availability.mjs';

const CLI = fileURLToPath(new URL('cli.mjs', import.meta.url));
const name = `cli-${process.pid}`;

function lab(...args: string[]) {
  const { status, stdout, stderr } = spawnSync(process.execPath, [CLI, ...args], { encoding: 'utf8' });
  return { status, stdout, stderr };
}

describe('misuse', () => {
  it.each([
    [['frob'], 'There is no command "frob": it is up, exec or down.\n'],
    [['constructor'], 'There is no command "constructor": it is up, exec or down.\n'],
    [['up', '--name', 'A b'], 'A lab\'s name is 1 to 20 of a-z, 0-9 and "-", not "A b".\n'],
    [['up', '--name=../x'], 'A lab\'s name is 1 to 20 of a-z, 0-9 and "-", not "../x".\n'],
    [['up', '--http-port', 'x'], "The gateway's HTTP port is a number from 1 to 65535, not NaN.\n"],
    [['exec'], 'Say where the command runs: exec <lan|gw|wan> [--name NAME] -- COMMAND...\n'],
    [['exec', 'mars', 'ls'], 'A command runs on lan, gw or wan, not on "mars".\n'],
    [['exec', 'lan', '--'], 'Say what to run on lan: exec lan [--name NAME] -- COMMAND...\n'],
    [['down', '--stale', '--name', 'x'], 'Give --name or --stale, not both.\n'],
  ])('%j is one sentence and exit status 2', (args, stderr) => {
    expect(lab(...args)).toEqual({ status: 2, stdout: '', stderr });
  });

  it('shows its usage when asked for nothing', () => {
    const { status, stdout } = lab();
    expect(status).toBe(2);
    expect(stdout).toContain('exec  <lan|gw|wan>');
  });
});

describe.skipIf(skipWithoutLab())('up, exec, down', () => {
  it('bring a lab up, run commands in it, and leave nothing behind', () => {
    try {
      expect(lab('up', '--name', name)).toMatchObject({ status: 0, stderr: '' });
      expect(lab('up', '--name', name)).toMatchObject({ status: 1, stderr: `A lab named "${name}" is up already.\n` });
      expect(lab('exec', 'lan', '--name', name, '--', 'cat', '/sys/class/net/eth0/address')).toMatchObject({
        status: 0,
        stdout: '02:00:0a:4d:00:02\n',
      });
      expect(lab('exec', '--name', name, 'gw', 'ip', '-4', '-br', 'address', 'show', 'wan0').stdout).toContain(
        '5.5.5.1/24',
      );
      expect(lab('exec', 'wan', `--name=${name}`, 'sh', '-c', 'exit 7').status).toBe(7);
      expect(lab('exec', 'wan', `--name=${name}`, 'sh', '-c', 'kill -TERM $$').status).toBe(143);
    } finally {
      expect(lab('down', '--name', name)).toMatchObject({ status: 0, stdout: `Lab "${name}" is down.\n` });
    }
    expect(lab('down', '--name', name)).toMatchObject({ status: 0, stdout: `Lab "${name}" was not up.\n` });
    expect(lab('exec', 'lan', '--name', name, 'true')).toMatchObject({
      status: 1,
      stderr: `No lab named "${name}" is up.\n`,
    });
    expect(existsSync(`/run/portwright-lab/${name}`)).toBe(false);
    expect(readdirSync('/run/netns').filter((namespace) => namespace.includes(name))).toEqual([]);
  });
});
