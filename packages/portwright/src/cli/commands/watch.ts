import type { Transport } from '@portwright/core';
import type { FoundGateway } from '@portwright/core/upnp';
import { printable } from '@portwright/core';
import type { GatewayChange } from '@portwright/core/mapping';
import { watchGateway, type GatewayWatch } from '@portwright/core/upnp';
import { GATEWAY_OPTIONS, gatewayRequest, type GatewayRequest } from '../arguments/options.ts';
import { logText } from '../output/log-line.ts';
import type { CommandResult, Event, Outcome, Show } from '../output/outcome.ts';
import { addressPhrase, count, gatewayJson, nameOf, statusPhrase, warningsOf } from '../output/phrases.ts';
import { untilAborted } from '../until-aborted.ts';
import { wrap } from '../output/width.ts';
import { defineCommand, type Context } from './command.ts';

/** The pause after a search that has found nothing. */
const BETWEEN_SEARCHES_MS = 5_000;

export interface WatchRequest extends GatewayRequest {
  readonly command: 'watch';
}

export const command = defineCommand({
  name: 'watch',
  helpOrder: 40,
  description: 'show changes on the router until Ctrl-C',
  parameters: [],
  options: GATEWAY_OPTIONS,
  toRequest: (flags): WatchRequest => ({ command: 'watch', ...gatewayRequest(flags) }),
});

export function run(request: WatchRequest, context: Context): CommandResult {
  return context.network.connect(context.host, request).map((found) => outcome(request, context, found));
}

function outcome(request: WatchRequest, context: Context, found: FoundGateway): Outcome {
  const { gateway, state } = found;
  const name = nameOf(gateway.description.device);
  return {
    json: { event: 'watching', ...state, gateway: gatewayJson(gateway) },
    text: ({ width }) =>
      `${wrap(`${name}: ${statusPhrase(state)}, ${addressPhrase(state)}`, width)}\nPress Ctrl-C to stop.\n\n`,
    warnings: warningsOf(state),
    follow: async (show) => {
      await follow(request, context, found, show);
      return undefined;
    },
  };
}

/**
 * Watches until Ctrl-C, or until nobody reads the output. After a restart, and on another network, the gateway may be
 * at another URL.
 */
async function follow(request: WatchRequest, context: Context, found: FoundGateway, show: Show): Promise<void> {
  const { host } = context;
  const over = new AbortController();
  const { signal } = over;
  const ended = Promise.race([host.signal, host.unread].map(untilAborted)).then(() => {
    over.abort();
  });
  let { gateway, state } = found;
  while (!signal.aborted) {
    await using watched = watchGateway(gateway, { state, events: true });
    const stopShowing = watched.on((change) => {
      show(told(change));
    });
    // The first look shows what differs from the old gateway.
    if (gateway !== found.gateway) watched.checkNow();
    let next: FoundGateway | null = null;
    do {
      await Promise.race([ended, moved(watched)]);
      next = await findAgain(request, context, gateway.transport, signal);
    } while (next !== null && next.gateway.description.location === gateway.description.location);
    stopShowing();
    if (next === null) return;
    gateway = next.gateway;
    // A new uptime must not count as another restart.
    state = { ...(watched.state ?? next.state), uptimeSeconds: null };
    show(toldElsewhere(next));
  }
}

function moved(watched: GatewayWatch): Promise<void> {
  return new Promise((resolve) => {
    const stop = watched.on(({ kind }) => {
      if (kind !== 'restarted' && kind !== 'network') return;
      stop();
      resolve();
    });
  });
}

/** Searches until the gateway is found. @returns null when interrupted */
async function findAgain(
  request: WatchRequest,
  { host, network }: Context,
  transport: Transport,
  signal: AbortSignal,
): Promise<FoundGateway | null> {
  while (!signal.aborted) {
    const found = await network.locate(host, request, transport, signal, false);
    // Only a gateway that was trusted without being asked has no state.
    if (found.isOk()) return found.value as FoundGateway;
    await transport.clock.sleep(BETWEEN_SEARCHES_MS, signal);
  }
  return null;
}

function told(change: GatewayChange): Event {
  const at = new Date();
  const { kind, ...rest } = change;
  return {
    json: { event: kind, at: at.toISOString(), ...rest },
    text: (terminal) => logText(terminal, at, `${phrase(change)} (${SOURCES[change.source]})`),
  };
}

function toldElsewhere({ gateway }: FoundGateway): Event {
  const at = new Date();
  return {
    json: { event: 'found', at: at.toISOString(), gateway: gatewayJson(gateway) },
    text: (terminal) => logText(terminal, at, `The router is now at ${gateway.description.location}`),
  };
}

const SOURCES: Readonly<Record<GatewayChange['source'], string>> = {
  event: 'event',
  announcement: 'announcement',
  poll: 'poll',
};

function phrase(change: GatewayChange): string {
  switch (change.kind) {
    case 'externalAddress':
      return change.address === null
        ? 'The external address is now unknown'
        : `The external address is now ${change.address}, ${change.addressClass}`;
    case 'connection':
      return `The connection status is now "${printable(change.status ?? 'unknown')}"`;
    case 'mappings':
      return `The port mappings changed${change.entries === null ? '' : `: ${count(change.entries, 'entry', 'entries')}`}`;
    case 'restarted':
      return 'The router restarted';
    case 'gone':
      return 'The router no longer answers';
    case 'network':
      return 'This computer has changed its network or its address';
  }
}
