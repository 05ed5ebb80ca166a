import type { ClockPort, PortwrightError } from '@portwright/core';
import { addMapping, connectionState, deleteMapping, findGateway, walkMappings } from '@portwright/core/upnp';
import { ok, ResultAsync, safeTry } from '@portwright/core/result';
import type { Outcome, CommandResult } from '../output/outcome.ts';
import { duration, elapsed, gatewayJson, lease, nameOf, route, shortType } from '../output/phrases.ts';
import type { Terminal } from '../output/terminal.ts';
import { pad, truncate } from '../output/width.ts';
import { defineCommand, type Context } from './command.ts';

export interface DemoRequest {
  readonly command: 'demo';
}

export const command = defineCommand({
  name: 'demo',
  helpOrder: 90,
  description: 'try Portwright on a simulated router',
  parameters: [],
  options: [],
  toRequest: (): DemoRequest => ({ command: 'demo' }),
});

interface Step {
  readonly name: string;
  readonly title: string;
  /** The messages on the network. */
  readonly exchanges: string;
  readonly elapsedMs: number;
  readonly result: unknown;
  readonly lines: readonly string[];
}

const EXTERNAL_PORT = 7777;

/** Opens and closes a port on a simulated gateway, and shows each step and how long it took. */
export function run(_request: DemoRequest, { host, network }: Context): CommandResult {
  return ResultAsync.fromSafePromise(network.resolveTransport(host, { simulate: true })).andThen((transport) =>
    safeTry<Outcome, PortwrightError>(async function* () {
      const { signal } = host;
      const { steps, done } = stopwatch(transport.clock);

      const { gateway } = yield* findGateway(transport, { signal });
      const { description, services } = gateway;
      const name = `${nameOf(description.device)}, ${shortType(services.connection.serviceType)}`;
      done('find', 'Find the router', 'M-SEARCH, GET description', gatewayJson(gateway), name, description.location);

      const state = await connectionState(gateway, { signal });
      const { externalAddress, externalAddressClass, status, uptimeSeconds } = state;
      const address = `${externalAddress ?? 'Unknown'}, ${externalAddressClass}`;
      const connection = `${status ?? 'Unknown'} for ${duration(uptimeSeconds ?? 0)}`;
      done('ip', 'Ask for the external address', 'GetExternalIPAddress', state, address, connection);

      const asked = { externalPort: EXTERNAL_PORT, protocol: 'TCP', description: 'Portwright demo' } as const;
      const mapping = yield* addMapping(gateway, { ...asked, signal });
      const way = `${route(mapping, externalAddress)} for ${lease(mapping)}`;
      done('map', `Map port ${EXTERNAL_PORT}`, 'AddPortMapping', mapping, way);

      const { mappings } = yield* walkMappings(gateway, { signal });
      const rows = mappings.map((one) => `${route(one, null)}, ${lease(one)}, "${one.description ?? ''}"`);
      done('list', 'List the port mappings', 'GetGenericPortMappingEntry', mappings, ...rows);

      yield* deleteMapping(gateway, { ...asked, signal });
      const { mappings: left } = yield* walkMappings(gateway, { signal });
      const rest = left.length === 0 ? 'The list is empty again.' : `Mappings left: ${left.length}`;
      done('unmap', 'Unmap the port', 'DeletePortMapping', left, rest);

      return ok(outcome(host.invocation, steps));
    }),
  );
}

interface Stopwatch {
  readonly steps: readonly Step[];
  /** Ends a step. The next one begins at the same time. */
  readonly done: (name: string, title: string, exchanges: string, result: unknown, ...lines: readonly string[]) => void;
}

function stopwatch(clock: ClockPort): Stopwatch {
  const steps: Step[] = [];
  let last = clock.now();
  return {
    steps,
    done: (name, title, exchanges, result, ...lines) => {
      const now = clock.now();
      steps.push({ name, title, exchanges, elapsedMs: now - last, result, lines });
      last = now;
    },
  };
}

function outcome(invocation: string, steps: readonly Step[]): Outcome {
  const elapsedMs = steps.reduce((sum, step) => sum + step.elapsedMs, 0);
  return {
    json: { steps: steps.map(({ name, elapsedMs: ms, result }) => ({ name, elapsedMs: ms, result })), elapsedMs },
    text: (terminal) =>
      [
        terminal.style('bold', 'Opening a port on a simulated router, in the memory of this process'),
        '',
        ...steps.flatMap((step) => stepLines(terminal, step)),
        '',
        `Done in ${elapsed(elapsedMs)}. On your own network:`,
        '',
        ...nextCommands(invocation).map(([command, what]) => `  ${terminal.style('cyan', pad(command, 32))}  ${what}`),
        '',
      ].join('\n'),
  };
}

function stepLines(terminal: Terminal, { title, exchanges, elapsedMs, lines }: Step): readonly string[] {
  const tick = `  ${terminal.done} `;
  const indent = ' '.repeat(tick.length);
  const right = `${pad(exchanges, 28)}${pad(elapsed(elapsedMs), 10, 'right')}`;
  return [
    terminal.style('green', tick) + pad(title, 32) + terminal.style('dim', right),
    ...lines.map((line) => terminal.style('dim', truncate(indent + line, terminal.width))),
  ];
}

function nextCommands(invocation: string): readonly (readonly [command: string, what: string])[] {
  return [
    [`${invocation} map ${EXTERNAL_PORT}`, 'open the port on your router for an hour'],
    [`${invocation} --help`, 'show all commands'],
  ];
}
