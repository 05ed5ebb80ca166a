import { describe, expect, it } from 'vitest';
import { runFacade } from './interpret.mjs';
import { call, get, look, make, set } from './rows.mjs';

class Device {
  igdStatus = 9;
}

class Facade {
  discoverIpv6 = false;
  readonly devices: Device[] = [];

  getDevice(index: number): Device | null {
    return this.devices[index] ?? null;
  }

  addDevice(device: Device): void {
    this.devices.push(device);
  }

  discover(timeout = 2000): Promise<number> {
    return Promise.resolve(timeout);
  }
}

const classes = { UPNP: () => new Facade(), UPNPDevice: () => new Device() };

describe('runFacade', () => {
  it('makes the calls one after the other and says what each came to', async () => {
    const values = await runFacade(
      [
        call('promised', 'a promise', 'upnp', 'discover'),
        call('given', 'an argument', 'upnp', 'discover', [5]),
        call('none', 'null', 'upnp', 'getDevice', [0]),
        make('made', 'fresh', 'UPNPDevice'),
        set('written', 'fresh', 'igdStatus', 0),
        call('nothing', 'no value', 'upnp', 'addDevice', [{ object: 'fresh' }]),
        call('kept', 'an object', 'upnp', 'getDevice', [0], { keep: 'device' }),
        get('read', 'a property of the kept object', 'device', 'igdStatus'),
        look('seen', 'a mapping', 'target', ['UDP', 7]),
        look('unseen', 'no mapping', 'target', ['TCP', 7]),
        look('text', 'a description', 'description', ['UDP', 7]),
      ],
      classes,
      () => 'UDP:7:10.77.0.2:8:0:a &amp; b\n',
    );
    expect(Object.fromEntries(values)).toEqual({
      promised: 2000,
      given: 5,
      none: null,
      made: 'UPNPDevice',
      written: 0,
      nothing: null,
      kept: 'UPNPDevice',
      read: 0,
      seen: '10.77.0.2:8',
      unseen: null,
      text: 'a & b',
    });
  });

  it('refuses a table that speaks of an object before it is there', async () => {
    await expect(runFacade([get('x', 'early', 'device', 'igdStatus')], classes, () => '')).rejects.toThrow('"device"');
  });
});
