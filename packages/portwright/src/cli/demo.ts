import type { PortwrightError } from '@portwright/core';
import { connectionState, findGateway, listMappings, mapPort, unmapPort } from '@portwright/core';
import { ok, ResultAsync, safeTry } from 'neverthrow';
import { resolveTransport } from './connect.ts';
import type { Host } from './host.ts';
import type { Outcome, Outcoming } from './outcome.ts';
import { duration, elapsed, gatewayJson, lease, nameOf, route, shortType } from './phrases.ts';
import type { Terminal } from './terminal.ts';
import { pad } from './width.ts';

/** One thing that the demonstration did. */
interface Step {
  readonly name: string;
  readonly title: string;
  readonly elapsedMs: number;
  readonly result: unknown;
  readonly lines: readonly string[];
}

const EXTERNAL_PORT = 7777;

/** `demo`: the main job on a simulated gateway, step by step: what happened, and how long it took. */
export function demo(host: Host): Outcoming {
  return ResultAsync.fromSafePromise(resolveTransport(host, { simulate: true })).andThen((transport) =>
    safeTry<Outcome, PortwrightError>(async function* () {
      const { clock } = transport;
      const { signal } = host;
      const started = clock.now();
      const steps: Step[] = [];
      let last = started;
      function done(name: string, title: string, result: unknown, ...lines: readonly string[]): void {
        const now = clock.now();
        steps.push({ name, title, elapsedMs: now - last, result, lines });
        last = now;
      }

      const { gateway } = yield* findGateway(transport, { signal });
      const { description, services } = gateway;
      const service = shortType(services.connection.serviceType);
      const name = nameOf(description.device);
      done('find', 'Find the gateway', gatewayJson(gateway), `${name}, ${service}`, description.location);

      const state = await connectionState(gateway, { signal });
      const { externalAddress, externalAddressClass } = state;
      const connection = `${state.status ?? 'Unknown'} for ${duration(state.uptimeSeconds ?? 0)}`;
      done(
        'ip',
        'Ask for its external address',
        state,
        `${externalAddress ?? 'Unknown'}, ${externalAddressClass}`,
        connection,
      );

      const asked = { externalPort: EXTERNAL_PORT, protocol: 'TCP', description: 'Portwright demo' } as const;
      const mapping = yield* mapPort(gateway, { ...asked, signal });
      done('map', `Map port ${EXTERNAL_PORT}`, mapping, `${route(mapping, externalAddress)} for ${lease(mapping)}`);

      const { mappings } = yield* listMappings(gateway, { signal });
      const rows = mappings.map((one) => `${route(one, null)}, ${lease(one)}, "${one.description ?? ''}"`);
      done('list', 'List the mappings', mappings, ...rows);

      yield* unmapPort(gateway, { ...asked, signal });
      const { mappings: left } = yield* listMappings(gateway, { signal });
      done('unmap', 'Unmap it', left, left.length === 0 ? 'The list is empty again.' : `${left.length} are left.`);

      return ok(outcome(host.invocation, steps, clock.now() - started));
    }),
  );
}

function outcome(invocation: string, steps: readonly Step[], elapsedMs: number): Outcome {
  return {
    json: { steps: steps.map(({ name, elapsedMs: ms, result }) => ({ name, elapsedMs: ms, result })), elapsedMs },
    text: (terminal) =>
      [
        terminal.style('bold', 'Opening a port, on a gateway that is simulated in the memory of this process'),
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

function stepLines(terminal: Terminal, { title, elapsedMs, lines }: Step): readonly string[] {
  const [tick, room] = [`  ${terminal.done} `, 60];
  const time = pad(elapsed(elapsedMs), 9, 'right');
  return [
    `${terminal.style('green', tick)}${pad(title, room)}${terminal.style('dim', time)}`,
    ...lines.map((line) => terminal.style('dim', ' '.repeat(tick.length) + line)),
  ];
}

function nextCommands(invocation: string): readonly (readonly [command: string, what: string])[] {
  return [
    [`${invocation} map ${EXTERNAL_PORT}`, 'opens the port on your router, for an hour'],
    [`${invocation} --help`, 'lists the other commands'],
  ];
}
