/** What holds for the declaration of every command, and for all that use a gateway. */
import { MemoryNetwork } from '@portwright/transport-mock';
import { describe, expect, it } from 'vitest';
import { optionsOf } from '../arguments/parse-arguments.ts';
import { run, simulated } from '../host.test-support.ts';
import { GROUPS, type Command } from './command.ts';
import { COMMANDS } from './index.ts';

describe.each(Object.entries<Command>(COMMANDS))('%s', (name, command) => {
  it('is listed by its own name, in a known group', () => {
    expect(command.name).toBe(name);
    const [group, second] = name.split(' ');
    expect(Object.hasOwn(GROUPS, group ?? '')).toBe(second !== undefined);
  });

  it('has each option once, and conflicts only with options that exist', () => {
    const names = optionsOf(command).map((option) => option.name);
    expect(new Set(names).size).toBe(names.length);
    const conflicts = command.options.flatMap((option) => option.conflicts ?? []);
    // A shared option may exclude one that this command does not have.
    const known = new Set(
      Object.values<Command>(COMMANDS).flatMap((one) => optionsOf(one).map((option) => option.name)),
    );
    for (const conflict of conflicts) expect(known).toContain(conflict);
  });

  it('has its optional parameters last', () => {
    const optional = command.parameters.map(({ isOptional }) => isOptional === true);
    expect(optional).toEqual(optional.toSorted());
  });
});

it('no two commands share a place in the help', () => {
  const places = Object.values<Command>(COMMANDS).map(({ helpOrder }) => helpOrder);
  expect(new Set(places).size).toBe(places.length);
});

describe('a gateway that is not the default router', () => {
  it.each([
    ['status', []],
    ['ip', []],
    ['map', ['7777']],
  ])('is used by %s with a warning', async (command, more) => {
    const network = new MemoryNetwork();
    const { container } = simulated({ network });
    network.defaultGateway = '192.168.1.77';
    const { status, stderr } = await run([command, ...more], { container });
    expect(status).toBe(0);
    expect(stderr).toBe(
      "warning: 192.168.1.1 is not this computer's default router (192.168.1.77): no Internet traffic goes through it. " +
        'Turn on UPnP in the settings of 192.168.1.77, and search again.\n',
    );
  });
});
