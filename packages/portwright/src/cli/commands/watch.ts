/** `watch`: what changes on the gateway, as it is noticed, until the program is interrupted. */
import type { FoundGateway, Transport } from '@portwright/core';
import { printable } from '@portwright/core';
import { watchGateway, type GatewayChange, type GatewayWatch } from '@portwright/core/mapping';
import { locate } from '../network/connect.ts';
import type { Host } from '../host.ts';
import { logText } from '../output/log-line.ts';
import type { Event, Outcome, Show } from '../output/outcome.ts';
import { addressPhrase, count, gatewayJson, nameOf, statusPhrase, warningsOf } from '../output/phrases.ts';
import type { GatewayFlags } from '../arguments/requests.ts';
import { untilAborted } from '../until-aborted.ts';
import { wrap } from '../output/width.ts';

/** From a search that has found nothing to the next. */
const BETWEEN_SEARCHES_MS = 5_000;

export function watch(host: Host, flags: GatewayFlags, found: FoundGateway): Outcome {
  const { gateway, state } = found;
  const name = nameOf(gateway.description.device);
  return {
    json: { event: 'watching', ...state, gateway: gatewayJson(gateway) },
    text: ({ width }) =>
      `${wrap(`${name}: ${statusPhrase(state)}, ${addressPhrase(state)}`, width)}\nPress Ctrl-C to stop.\n\n`,
    warnings: warningsOf(state),
    follow: async (show) => {
      await follow(host, flags, found, show);
      return undefined;
    },
  };
}

/** Until it is interrupted, or nobody reads it. Watches the gateway that there is; after a restart, and on another network, that may be one at another URL. */
async function follow(host: Host, flags: GatewayFlags, found: FoundGateway, show: Show): Promise<void> {
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
    // What is different from before is told by the first look.
    if (gateway !== found.gateway) watched.look();
    let next: FoundGateway | null = null;
    do {
      await Promise.race([ended, moved(watched)]);
      next = await findAgain(host, flags, gateway.transport, signal);
    } while (next !== null && next.gateway.description.location === gateway.description.location);
    stopShowing();
    if (next === null) return;
    gateway = next.gateway;
    // A new uptime is no sign of another restart.
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

/** However long it takes. @returns null when that is interrupted */
async function findAgain(
  host: Host,
  flags: GatewayFlags,
  transport: Transport,
  signal: AbortSignal,
): Promise<FoundGateway | null> {
  while (!signal.aborted) {
    const found = await locate(host, flags, transport, signal, false);
    // Whatever was not trusted unasked has a state.
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
