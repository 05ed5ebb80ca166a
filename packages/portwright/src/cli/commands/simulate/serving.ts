/** The output of a simulated gateway: its address, its requests, and its mappings at the end. */
import type { ClockPort, PortMapping } from '@portwright/core';
import { summarizeExchange } from '@portwright/transport-mock';
import type {
  Exchange,
  ExchangeSummary,
  GatewayProtocol,
  SimulatedGateway,
  SimulatedMapping,
} from '@portwright/transport-mock';
import type { SocketMount } from '@portwright/transport-mock/sockets';
import type { Host } from '../../host.ts';
import { logLine } from '../../output/log-line.ts';
import { mappingTable } from '../../output/mapping-table.ts';
import type { Event, Outcome } from '../../output/outcome.ts';
import type { Feed } from './feed.ts';
import type { Terminal } from '../../output/terminal.ts';
import { untilAborted } from '../../until-aborted.ts';
import { pad } from '../../output/width.ts';

/** The port of searches. On loopback the gateway uses another port. */
const SSDP_PORT = 1900;
const NAMES = { pcp: 'PCP', 'nat-pmp': 'NAT-PMP' } as const;

export interface Serving {
  readonly host: Host;
  readonly router: Pick<SimulatedGateway<ClockPort>, 'config' | 'mappings' | 'close'>;
  readonly mount: SocketMount;
  /** What is not served, and why: a sentence each. */
  readonly unserved: readonly string[];
  readonly exchanges: Feed;
}

export function serving({ host, router, mount, unserved, exchanges }: Serving): Outcome {
  const { address, httpPort, ssdpPort, portControlPort, descriptionUrl } = mount;
  const { friendlyName, protocols } = router.config;
  const hasUpnp = protocols.includes('upnp');
  return {
    json: {
      event: 'serving',
      name: friendlyName,
      protocols,
      address,
      httpPort: hasUpnp ? httpPort : null,
      ssdpPort,
      portControlPort,
      descriptionUrl: hasUpnp ? descriptionUrl : null,
    },
    warnings: unserved,
    text: (terminal) =>
      [
        `${terminal.style('bold', friendlyName)} is running at ${hasUpnp ? descriptionUrl : address}`,
        ...(hasUpnp ? [searchesAt(mount)] : []),
        ...portControlAt(mount, protocols),
        'To use it from a client:',
        '',
        ...clientCommands(host.invocation, mount, protocols).map((command) => `  ${terminal.style('cyan', command)}`),
        '',
        'Press Ctrl-C to stop.',
        '',
        '',
      ].join('\n'),
    follow: async (show) => {
      exchanges.listen((exchange) => {
        const event = told(exchange, new Date());
        if (event !== null) show(event);
      });
      await untilAborted(host.signal);
      await mount.close();
      await router.close();
      show(stopped(router.mappings()));
      return undefined;
    },
  };
}

function searchesAt({ ssdpPort, address }: SocketMount): string {
  if (ssdpPort === SSDP_PORT) return `It answers searches on the network of ${address}.`;
  if (ssdpPort === null) return 'It does not answer searches.';
  return `It answers searches sent to UDP port ${ssdpPort} of that address.`;
}

function portControlAt(
  { portControlPort, address }: SocketMount,
  protocols: readonly GatewayProtocol[],
): readonly string[] {
  const names = protocols.flatMap((protocol) => (protocol === 'upnp' ? [] : NAMES[protocol]));
  if (names.length === 0 || portControlPort === null) return [];
  return [`It answers ${names.join(' and ')} requests sent to UDP port ${portControlPort} of ${address}.`];
}

/** The commands search for the gateway if a search can reach it. */
function clientCommands(
  invocation: string,
  { ssdpPort, descriptionUrl, address }: SocketMount,
  protocols: readonly GatewayProtocol[],
): readonly string[] {
  const natPmp = protocols.includes('nat-pmp') ? [`natpmpc -g ${address} -a 7777 7777 tcp 3600`] : [];
  // It is not the default router of this computer.
  const server = `${protocols.includes('pcp') ? 'pcp' : 'nat-pmp'}://${address}`;
  if (!protocols.includes('upnp')) return [`${invocation} map 7777 --gateway ${server}`, ...natPmp];
  const isFound = ssdpPort === SSDP_PORT;
  return [
    `${invocation} map 7777${isFound ? '' : ` --gateway ${descriptionUrl}`}`,
    `upnpc ${isFound ? '' : `-u ${descriptionUrl} `}-a ${isFound ? '@' : address} 7777 7777 tcp 3600`,
    ...natPmp,
  ];
}

/** Null for announcements of other devices, which arrive at the port of searches, too. */
function told(exchange: Exchange, now: Date): Event | null {
  const summary = summarizeExchange(exchange);
  if (exchange.kind === 'search' && !summary.request.startsWith('M-SEARCH ')) return null;
  const { faults } = exchange;
  return {
    json: { event: exchange.kind === 'http' ? 'request' : exchange.kind, at: now.toISOString(), ...summary, faults },
    text: (terminal) => logLine(terminal, now, line(terminal, summary)),
  };
}

/** `192.168.1.7      GetExternalIPAddress: ok`. */
function line(terminal: Terminal, { client, request, answer, isOk }: ExchangeSummary): string {
  return `${pad(client, 15)}  ${request}: ${terminal.style(isOk ? 'green' : 'red', answer)}`;
}

function stopped(mappings: readonly SimulatedMapping[]): Event {
  return {
    json: { event: 'stopped', mappings },
    text: (terminal) =>
      mappings.length === 0
        ? '\nStopped. No ports were mapped.\n'
        : `\nStopped. These ports were mapped:\n\n${mappingTable(terminal, mappings.map(asListed))}`,
  };
}

function asListed({ isEnabled, leaseSecondsLeft, ...mapping }: SimulatedMapping): PortMapping {
  return { ...mapping, enabled: isEnabled, leaseSeconds: leaseSecondsLeft };
}
