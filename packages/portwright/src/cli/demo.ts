import type { Gateway, PortwrightError, Transport } from '@portwright/core';
import { connectionState, findGateway, listMappings, mapPort, unmapPort } from '@portwright/core';
import { ok, ResultAsync, safeTry } from 'neverthrow';
import { resolveTransport } from './connect.ts';
import type { Host } from './host.ts';
import { mappingTable } from './list.ts';
import type { Outcome, Outcoming } from './outcome.ts';
import { duration, elapsed, gatewayJson, lease, nameOf, route, shortType } from './phrases.ts';
import type { Terminal } from './terminal.ts';
import { pad } from './width.ts';

const PORT = 7777;

/** One thing that the demonstration does. */
interface Step {
  readonly name: string;
  readonly title: string;
  readonly elapsedMs: number;
  readonly result: unknown;
  readonly lines: (terminal: Terminal) => readonly string[];
}

/** `demo`: the main job on a simulated gateway, step by step, with the code that does it on a real one. */
export function demo(host: Host): Outcoming {
  return ResultAsync.fromSafePromise(resolveTransport(host, { simulate: true })).andThen((transport) =>
    safeTry<Outcome, PortwrightError>(async function* () {
      const steps: Step[] = [];
      const started = transport.clock.now();
      const gateway = yield* await timed(transport, steps, findStep(transport, host));
      for (const step of [addressStep, mapStep, listStep, unmapStep]) yield* await timed(transport, steps, step(gateway));
      return ok(outcome(host, steps, transport.clock.now() - started));
    }),
  );
}

interface Doing<T> extends Pick<Step, 'name' | 'title'> {
  readonly work: () => ResultAsync<T, PortwrightError>;
  readonly result: (value: T) => unknown;
  readonly lines: (value: T, terminal: Terminal) => readonly string[];
}

function timed<T>({ clock }: Transport, steps: Step[], doing: Doing<T>): ResultAsync<T, PortwrightError> {
  const started = clock.now();
  return doing.work().map((value) => {
    const elapsedMs = clock.now() - started;
    const { name, title, result, lines } = doing;
    steps.push({ name, title, elapsedMs, result: result(value), lines: (terminal) => lines(value, terminal) });
    return value;
  });
}

function findStep(transport: Transport, { signal }: Host): Doing<Gateway> {
  return {
    name: 'find-gateway',
    title: 'Find the gateway',
    work: () => findGateway(transport, { signal }).map(({ gateway }) => gateway),
    result: gatewayJson,
    lines: ({ description, services }) => [
      `"${nameOf(description.device)}" answered the search:`,
      description.location,
      `Its ${shortType(services.connection.serviceType)} opens ports.`,
    ],
  };
}

function addressStep(gateway: Gateway): Doing<Awaited<ReturnType<typeof connectionState>>> {
  return {
    name: 'external-address',
    title: 'Ask for its external address',
    work: () => ResultAsync.fromSafePromise(connectionState(gateway)),
    result: (state) => state,
    lines: ({ externalAddress, externalAddressClass, status, uptimeSeconds }) => [
      `${externalAddress ?? 'unknown'}, ${externalAddressClass}`,
      `${status ?? 'Unknown'} for ${duration(uptimeSeconds ?? 0)}`,
    ],
  };
}
