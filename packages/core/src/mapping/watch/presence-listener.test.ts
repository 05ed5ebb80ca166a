import { simulateGateway, type SimulatedGateway } from '@portwright/transport-mock';
import { describe, expect, it, onTestFinished } from 'vitest';
import type { NotifyAlive } from '../../ssdp/message.ts';
import { announcesGateway, listenForPresence } from './presence-listener.ts';

const UDN = 'uuid:7f1d5e3a-2c4b-4d6e-8f90-a1b2c3d4e500';

function alive(target: string, usn: string): NotifyAlive {
  return {
    kind: 'alive',
    host: null,
    target,
    usn,
    location: 'http://192.168.1.1/',
    maxAgeSeconds: 1800,
    server: null,
    bootId: null,
    configId: null,
    searchPort: null,
  };
}

describe('an announcement is of a gateway', () => {
  it.each([
    ['urn:schemas-upnp-org:device:InternetGatewayDevice:2', 'uuid:other', null, true],
    ['urn:schemas-upnp-org:service:WANIPConnection:1', 'uuid:other', null, true],
    ['urn:schemas-upnp-org:service:WANPPPConnection:1', 'uuid:other', null, true],
    ['urn:schemas-upnp-org:device:MediaServer:1', 'uuid:other', null, false],
    ['upnp:rootdevice', `${UDN}::upnp:rootdevice`, UDN, true],
    ['upnp:rootdevice', `${UDN}::upnp:rootdevice`, null, false],
    ['upnp:rootdevice', 'uuid:other::upnp:rootdevice', UDN, false],
  ])('with target %s and USN %s, for %s: %s', (target, usn, udn, expected) => {
    expect(announcesGateway(alive(target, usn), udn)).toBe(expected);
  });

  it('not if it is a byebye', () => {
    const target = 'urn:schemas-upnp-org:device:InternetGatewayDevice:2';
    const byebye = { kind: 'byebye', host: null, target, usn: UDN, bootId: 1, configId: 1 } as const;
    expect(announcesGateway(byebye, UDN)).toBe(false);
  });
});

interface Listening {
  readonly router: SimulatedGateway;
  readonly heard: string[];
  readonly close: () => Promise<void>;
}

async function listening(announcements = true): Promise<Listening> {
  const router = simulateGateway();
  const heard: string[] = [];
  const close = listenForPresence(router.transport, {
    announcements,
    udn: null,
    onAlive: () => {
      if (heard.at(-1) !== 'alive') heard.push('alive');
    },
    onNetwork: () => heard.push('network'),
  });
  onTestFinished(close);
  await router.clock.advance('1s');
  return { router, heard, close };
}

describe('a presence listener', () => {
  it('hears a gateway, and goes on hearing on another network', async () => {
    const { router, heard } = await listening();
    router.announce('alive');
    await router.clock.advance('1s');
    expect(heard).toEqual(['alive']);
    router.network.changeNetwork();
    await router.clock.advance('10s');
    expect(heard).toEqual(['alive', 'network']);
    router.announce('alive');
    await router.clock.advance('1s');
    expect(heard).toEqual(['alive', 'network', 'alive']);
    router.network.changeNetwork();
    await router.clock.advance('10s');
    router.announce('alive');
    await router.clock.advance('1m');
    expect(heard).toEqual(['alive', 'network', 'alive', 'network', 'alive']);
  });

  it('hears no announcement if it is told so', async () => {
    const { router, heard } = await listening(false);
    router.announce('alive');
    router.network.changeNetwork();
    await router.clock.advance('10s');
    router.announce('alive');
    await router.clock.advance('10s');
    expect(heard).toEqual(['network']);
  });

  it('leaves nothing behind', async () => {
    const { router, heard, close } = await listening();
    await close();
    await close();
    expect(router.clock.pending).toBe(0);
    router.announce('alive');
    router.network.changeNetwork();
    await router.clock.advance('1m');
    expect(heard).toEqual([]);
  });

  it('leaves nothing behind that is closed as the network changes', async () => {
    const { router, heard, close } = await listening();
    router.network.changeNetwork();
    await router.clock.advance('9s');
    const closing = close();
    await closing;
    expect(router.clock.pending).toBe(0);
    router.announce('alive');
    await router.clock.advance('1m');
    expect(heard.filter((what) => what === 'alive')).toEqual([]);
  });
});
