import { simulateGateway, type SimulatedGateway, type SimulateGatewayOptions } from '@portwright/transport-mock';
import { onTestFinished } from 'vitest';
import { gatewayAt } from '../../client/gateway-at.ts';
import type { Gateway } from '../../client/gateway.ts';
import { addMapping } from '../../client/add-mapping.ts';
import { watchGateway, type GatewayWatch, type WatchOptions } from './watch.ts';
import { type GatewayChange } from '../port-mapper.ts';

export interface Watched {
  readonly router: SimulatedGateway;
  readonly gateway: Gateway;
  readonly watch: GatewayWatch;
  /** What was told, in words: `event externalAddress 5.5.5.9`. */
  readonly told: readonly string[];
}

export const POLLING: WatchOptions = { events: false, announcements: false };
export const EVENTS: WatchOptions = { events: true, announcements: false };
export const ANNOUNCEMENTS: WatchOptions = { events: false };

/** A gateway that has been watched for a minute, so that what it is like at first is known. */
export async function watched(watching: WatchOptions, options: SimulateGatewayOptions = {}): Promise<Watched> {
  const router = simulateGateway({ maxSearchDelayMs: 0, ...options });
  const gateway = (await gatewayAt(router.transport, router.descriptionUrl))._unsafeUnwrap().gateway;
  const watch = watchGateway(gateway, watching);
  const told: string[] = [];
  watch.on((change) => told.push(inWords(change)));
  onTestFinished(() => watch.close());
  await router.clock.advance('1m');
  return { router, gateway, watch, told };
}

function inWords(change: GatewayChange): string {
  const { kind, source } = change;
  switch (change.kind) {
    case 'externalAddress':
      return `${source} ${kind} ${change.address} ${change.addressClass}`;
    case 'connection':
      return `${source} ${kind} ${change.status} ${change.connected}`;
    case 'mappings':
      return `${source} ${kind} ${change.entries}`;
    default:
      return `${source} ${kind}`;
  }
}

/** A mapping by somebody else: another client, with a connection of its own. */
export async function mapElsewhere({ router }: Watched, externalPort: number): Promise<void> {
  const transport = router.network.transport({ address: '192.168.1.77' });
  const { gateway } = (await gatewayAt(transport, router.descriptionUrl))._unsafeUnwrap();
  (await addMapping(gateway, { externalPort, protocol: 'TCP' }))._unsafeUnwrap();
}

/** The requests for events that the gateway got: `SUBSCRIBE 200`. */
export function genaRequests({ router }: Pick<Watched, 'router'>): readonly string[] {
  return router.exchanges().flatMap((one) => {
    if (one.kind !== 'http' || !one.request.method.endsWith('SUBSCRIBE')) return [];
    const isRenewal = one.request.method === 'SUBSCRIBE' && one.request.headers.some(([name]) => name === 'SID');
    const status = one.outcome.kind === 'response' ? one.outcome.response.status : one.outcome.code;
    return [`${isRenewal ? 'RENEW' : one.request.method} ${status}`];
  });
}
