/** What tests of the keeper ask a simulated router. */
import { simulateGateway, type FaultDefinition, type SimulatedGateway } from '@portwright/transport-mock';
import type { SimulateGatewayOptions } from '@portwright/transport-mock';
import { okAsync } from '../../result.ts';
import { KeptPort } from './kept-port.ts';

export const UDP = { externalPort: 7777, protocol: 'UDP', description: 'a game' } as const;
const GROUP = '239.255.255.250';

/** A port without a keeper, in this state. */
export function keptPort(state: Partial<Pick<KeptPort, 'phase' | 'lease'>> = {}): KeptPort {
  const port = new KeptPort(UDP, { release: () => okAsync(undefined), onThrown: () => undefined }, 0);
  return Object.assign(port, state);
}

export function router(options: SimulateGatewayOptions = {}): SimulatedGateway {
  return simulateGateway({ maxSearchDelayMs: 0, recordedExchanges: 100_000, ...options });
}

/** What happens to a mapping from now on, in words. */
export function follow(mapping: KeptPort): string[] {
  const kinds: string[] = [];
  mapping.on((event) => kinds.push(event.kind === 'externalAddress' ? `${event.kind} ${event.address}` : event.kind));
  return kinds;
}

export function count(of: SimulatedGateway, kind: 'http' | 'search'): number {
  return of.exchanges().filter((one) => one.kind === kind).length;
}

export function adds(of: SimulatedGateway): number {
  return of.exchanges().filter((one) => {
    return one.kind === 'http' && one.request.headers.some(([, value]) => /#Add(Any)?PortMapping"$/.test(value));
  }).length;
}

/** The table is lost. */
export function empty(of: SimulatedGateway): void {
  const { mappings } = of.machine.gateway.connection;
  mappings.remove(mappings.all());
}

/** Every answer takes so long. */
export function slow(delayMs: number): FaultDefinition & { readonly name: string } {
  return {
    name: 'slow',
    row: 16,
    what: 'an answer takes its time',
    remedy: 'waits no longer than its deadline',
    on: ['control'],
    hooks: () => ({ outcome: (_context, proceed) => ({ ...proceed(), delayMs }) }),
  };
}

/** Nothing is answered any more, on any connection. */
export function deaf(): FaultDefinition & { readonly name: string } {
  return {
    name: 'deaf',
    row: 9,
    what: 'connections are refused',
    remedy: 'looks elsewhere, and comes back',
    on: ['control', 'description'],
    hooks: () => ({ outcome: () => ({ kind: 'failure', code: 'refused', cause: 'ECONNREFUSED', delayMs: 0 }) }),
  };
}

/** A first announcement after a start, in the gateway's name. */
export function announceStart(of: SimulatedGateway, bootId: number): void {
  const lines = [
    'NOTIFY * HTTP/1.1',
    `HOST: ${GROUP}:1900`,
    'NT: urn:schemas-upnp-org:device:InternetGatewayDevice:1',
    'NTS: ssdp:alive',
    'USN: uuid:7f1d5e3a-2c4b-4d6e-8f90-a1b2c3d4e500::urn:schemas-upnp-org:device:InternetGatewayDevice:1',
    `BOOTID.UPNP.ORG: ${bootId}`,
    'CONFIGID.UPNP.ORG: 1',
    `LOCATION: ${of.descriptionUrl}`,
    'CACHE-CONTROL: max-age=1800',
    'SERVER: a',
  ];
  const payload = new TextEncoder().encode(`${lines.join('\r\n')}\r\n\r\n`);
  of.network.multicast(payload, { address: '192.168.1.1', port: 1900 }, GROUP);
}
