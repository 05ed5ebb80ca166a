import { describe, expect, it } from 'vitest';
import { gdscriptFor, snakeCase } from './gdscript.mjs';
import { call, get, look, make, set } from './rows.mjs';
import { ROWS } from './table.mjs';

describe('gdscriptFor', () => {
  const script = gdscriptFor(
    [
      call('a', 'a call', 'upnp', 'addPortMapping', [1, 0, 'say "hi"\n', 'UDP', 0]),
      call('b', 'a call whose object is kept', 'upnp', 'getDevice', [0], { keep: 'device' }),
      get('c', 'a property', 'device', 'igdOurAddr'),
      set('d', 'upnp', 'discoverIpv6', true),
      make('e', 'fresh', 'UPNPDevice'),
      call('f', 'a call with an object', 'upnp', 'addDevice', [{ object: 'fresh' }]),
      look('g', 'a look', 'target', ['UDP', 1]),
    ],
    '/leases',
  );

  it.each([
    'say("a", objects["upnp"].add_port_mapping(1, 0, "say \\"hi\\"\\n", "UDP", 0))',
    'objects["device"] = objects["upnp"].get_device(0)',
    'say("c", objects["device"].igd_our_addr)',
    'objects["upnp"].discover_ipv6 = true',
    'objects["fresh"] = UPNPDevice.new()',
    'say("f", objects["upnp"].add_device(objects["fresh"]))',
    'say_leases("g")',
  ])('writes %s', (line) => {
    expect(script.split('\n')).toContain(`\t${line}`);
  });
});

describe('snakeCase', () => {
  it.each([
    ['discover', 'discover'],
    ['discoverMulticastIf', 'discover_multicast_if'],
    ['igdOurAddr', 'igd_our_addr'],
  ])('turns %s into %s', (facade, godot) => {
    expect(snakeCase(facade)).toBe(godot);
  });
});

describe('the table', () => {
  it('gives every row a name of its own', () => {
    expect(new Set(ROWS.map(({ id }) => id)).size).toBe(ROWS.length);
  });
});
