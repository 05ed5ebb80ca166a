/** One job for every router and every fault: a port that is mapped, kept through trouble, and given back. */
import type { FaultName, GatewayProtocol, SimulatedGateway } from '@portwright/transport-mock';
import type { AttemptError } from './attempts.ts';
import { Keeper } from './keeper/keeper.ts';
import type { KeeperOptions } from './keeper/keeper-options.ts';
import type { KeepError, KeptEvent } from './keeper/events.ts';
import type { MappedPort } from './port-mapper.ts';
import type { MapPortOptions } from './types.ts';

/** What came of it, in words that a table can hold. */
export interface KeepOutcome {
  /** Port, lease and verification at first; else why there was none. */
  readonly granted: string;
  /** What was refused before that, in order. */
  readonly refused: string;
  readonly warnings: string;
  /** What happened to it in all that time; renewals in a row count as one. */
  readonly events: string;
  /** Five minutes after how many of the troubles it stood. */
  readonly stood: number;
  /** How many entries led to this host after it was closed. */
  readonly left: number;
}

/** The outcome that a row of a table holds, without what else stands in the row. */
export function outcomeIn({ granted, refused, warnings, events, stood, left }: KeepOutcome): KeepOutcome {
  return { granted, refused, warnings, events, stood, left };
}

/** Something that happens to the router meanwhile, and the hours until the next. */
export interface Trouble {
  readonly hours: number;
  readonly strike?: (router: SimulatedGateway) => void;
}

/**
 * The day: six hours undisturbed, and six after each of a reboot that brings another address, another address alone, and a
 * renewal that is refused.
 *
 * @param httpPort - what it is after the reboot; default: another one
 * @param protocol - by which the renewal is asked for; default: UPnP, if the router has it
 */
export function aDay(httpPort?: number, protocol?: GatewayProtocol): readonly Trouble[] {
  return [
    { hours: 6 },
    {
      hours: 6,
      strike: (router) => {
        router.reboot({ httpPort });
        router.changeExternalAddress('5.5.5.98');
      },
    },
    {
      hours: 6,
      strike: (router) => {
        router.changeExternalAddress('5.5.5.99');
      },
    },
    {
      hours: 6,
      strike: (router) => {
        const isUpnp = protocol === undefined ? router.config.protocols.includes('upnp') : protocol === 'upnp';
        if (isUpnp) {
          router.inject('not-authorized-606', { on: 'AddPortMapping', times: 1 });
        } else router.inject('port-control-not-authorized', { times: 1 });
      },
    },
  ];
}

export interface KeepJob extends KeeperOptions {
  readonly troubles: readonly Trouble[];
  readonly asks?: Partial<MapPortOptions> | undefined;
  /** Another gateway on the same network. */
  readonly beside?: SimulatedGateway | undefined;
}

/** Does the job on one router. */
export async function keepThrough(router: SimulatedGateway, job: KeepJob): Promise<KeepOutcome> {
  const { troubles, asks, beside, ...keeping } = job;
  const { clock } = router;
  const keeper = new Keeper(router.transport, keeping);
  const kept = keeper.keep({ externalPort: 7777, protocol: 'UDP', port: 'any', description: 'a game', ...asks });
  const events: KeptEvent[] = [];
  kept.on((event) => events.push(event));
  const settled = await kept.settled();
  const own = (): number =>
    [router, ...(beside === undefined ? [] : [beside])]
      .flatMap((gateway) => gateway.mappings())
      .filter(({ description }) => description !== 'theirs').length;
  let stood = 0;
  for (const { hours, strike } of troubles) {
    strike?.(router);
    await clock.advance('5m');
    if (own() > 0) stood += 1;
    await clock.advance(hours * 3_600_000 - 300_000);
  }
  await keeper.close();
  const first = events.find((event) => event.kind === 'mapped')?.mapping;
  const wasFirst = settled.isOk() && first !== undefined;
  return {
    granted: settled.match(
      () => (first === undefined ? 'closed' : grantOf(first)),
      (error) => (error.kind === 'closed' ? 'closed' : reasonOf(error)),
    ),
    refused: wasFirst ? first.attempts.map(({ error }) => codeOf(error)).join(', ') : '',
    warnings: wasFirst ? first.warnings.map(({ code }) => code).join(', ') : '',
    events: withoutRepetition(events.map(nameOf)).join(', '),
    stood,
    left: own(),
  };
}

/** A port that was drawn at random has no name. */
function grantOf({ granted: { externalPort, leaseSeconds }, verified, requested }: MappedPort): string {
  const { externalPort: wanted, internalPort } = requested;
  const port = [wanted, internalPort].includes(externalPort) ? String(externalPort) : 'another port';
  const lease = leaseSeconds === 0 ? 'for ever' : `for ${String(leaseSeconds)} s`;
  return `${port} ${lease}, ${verified}`;
}

/** The typed reason: what failed, and with what. */
function reasonOf(error: KeepError): string {
  if (error.kind !== 'not-mapped') return `${error.kind}: ${error.code}`;
  return `${error.code}: ${error.attempts.map((attempt) => codeOf(attempt.error)).join(', ')}`;
}

/** A fault by its number, an HTTP status by its own, anything else by its name. */
function codeOf(error: AttemptError): string {
  if (error.kind === 'upnp-fault') return error.code === null ? 'a fault' : String(error.code);
  if (error.kind === 'transport') return error.status === undefined ? error.code : `HTTP ${error.status}`;
  return error.kind === 'conflict' ? 'conflict' : error.code;
}

function nameOf(event: KeptEvent): string {
  return event.kind === 'externalAddress' ? `address ${event.address ?? 'unknown'}` : event.kind;
}

function withoutRepetition(names: readonly string[]): readonly string[] {
  return names.filter((name, index) => name !== names[index - 1]);
}

/** Puts another host's mappings into a router's table. */
export function occupy(router: SimulatedGateway, ports: readonly number[], protocol: 'TCP' | 'UDP' = 'UDP'): void {
  for (const externalPort of ports) {
    router.machine.gateway.connection.mappings.put({
      remoteHost: '',
      externalPort,
      protocol,
      internalPort: externalPort,
      internalClient: '192.168.1.66',
      isEnabled: true,
      description: 'theirs',
      expiresAt: Infinity,
    });
  }
}

/** So many ports from 2001 on. */
export function portsFrom2001(count: number): readonly number[] {
  return Array.from({ length: count }, (_, index) => 2001 + index);
}

/** The router does not answer either question for the state, in this way. */
export function withoutState(router: SimulatedGateway, fault: FaultName): void {
  for (const on of ['GetStatusInfo', 'GetExternalIPAddress']) router.inject(fault, { on });
}
