import type { InterfaceAddress } from '@portwright/core';
import { PERSONAS, type GatewayOptions, type PersonaName } from '@portwright/transport-mock';
import { nodeInterfaces } from '@portwright/transport-node';
import { err, errAsync, ok, okAsync, safeTry, type Result } from '@portwright/core/result';
import { seedOption } from '../arguments/options.ts';
import { readPortNumber, readText } from '../arguments/values.ts';
import type { CommandResult, Outcome } from '../output/outcome.ts';
import type { Problem, UsageError } from '../errors/problem.ts';
import { defineCommand, type Context } from './command.ts';
import { feed } from './simulate/feed.ts';
import { listPersonas, unknownPersona } from './simulate/personas.ts';
import { serving } from './simulate/serving.ts';
import { startRouter } from './simulate/start.ts';

export interface SimulateRequest {
  readonly command: 'simulate';
  /** Lists the personas, and does nothing else. */
  readonly list: boolean;
  readonly persona?: string | undefined;
  /** One of this computer's IPv4 addresses. */
  readonly address?: string | undefined;
  /** The TCP port of descriptions and control. */
  readonly port?: number | undefined;
  readonly seed?: number | undefined;
}

export const command = defineCommand({
  name: 'simulate',
  helpOrder: 100,
  description: 'run a simulated router until Ctrl-C',
  parameters: [],
  options: [
    { name: 'list', description: 'list the personas and exit' },
    {
      name: 'persona',
      description: 'router to simulate (default: one that follows the specification)',
      value: { label: 'name', read: readText('--persona') },
      conflicts: ['list'],
    },
    {
      name: 'address',
      description:
        'address of this computer to listen on; clients on its network can find the router (default: 127.0.0.1)',
      value: { label: 'ip', read: readText('--address') },
      conflicts: ['list'],
    },
    {
      name: 'port',
      description: 'port of its HTTP server (default: as on the real router; on 127.0.0.1, any free port)',
      value: { label: 'port', read: readPortNumber('--port') },
      conflicts: ['list'],
    },
    { ...seedOption('seed of its random values (default: 1)'), conflicts: ['list'] },
  ],
  hidesSimulate: true,
  refuse: ({ simulate }) => simulate && 'simulate cannot be used with --simulate: it runs a simulated router already',
  toRequest: ({ list, persona, address, port, seed }): SimulateRequest => ({
    command: 'simulate',
    list: list === true,
    persona,
    address,
    port,
    seed,
  }),
  examples: [
    ['simulate --list', 'the routers to choose from'],
    ['simulate --address 192.168.1.20', 'for clients on that LAN'],
    ['simulate --json', 'one JSON document per line'],
  ],
});

const LOOPBACK = '127.0.0.1';

/** Serves a simulated gateway on real sockets, and logs its requests. */
export function run(
  { list, persona, address = LOOPBACK, port, seed }: SimulateRequest,
  { host }: Context,
): CommandResult {
  if (list) return okAsync(listPersonas(PERSONAS));
  if (!isPersona(persona)) return errAsync(unknownPersona(persona, PERSONAS, host.invocation));
  return safeTry<Outcome, Problem>(async function* () {
    const addresses = yield* addressesOf(address, yield* await nodeInterfaces().list(), host.invocation);
    const isLoopback = address.startsWith('127.');
    const exchanges = feed();
    const options = {
      ...addresses,
      persona,
      seed,
      // On loopback only this computer can connect, so any free port will do.
      httpPort: port ?? (isLoopback ? 0 : undefined),
      announces: !isLoopback,
      recordedExchanges: 0,
      onExchange: exchanges.push,
    };
    const started = yield* await startRouter(options, {
      takesFreePort: port === undefined,
      // Clients know no other port.
      portControlPort: 5351,
    });
    return ok(serving({ host, exchanges, ...started }));
  });
}

function isPersona(name: string | undefined): name is PersonaName | undefined {
  return name === undefined || Object.hasOwn(PERSONAS, name);
}

/** The addresses of the gateway: one of this computer, and the IPv6 addresses of the same interface. */
function addressesOf(
  address: string,
  interfaces: readonly InterfaceAddress[],
  invocation: string,
): Result<GatewayOptions, UsageError> {
  const own = interfaces.find((one) => one.family === 'ipv4' && one.address === address);
  if (own === undefined) {
    const known = interfaces.filter(({ family }) => family === 'ipv4').map((one) => one.address);
    return err({
      kind: 'usage',
      code: 'bad-value',
      message: `--address must be an IPv4 address of this computer (${known.join(', ')}), not "${address}"`,
      hint: `See: ${invocation} simulate --help`,
    });
  }
  const beside = interfaces.filter(({ family, name }) => family === 'ipv6' && name === own.name);
  const [linkLocal, global] = [true, false].map(
    (isLinkLocal) => beside.find((one) => /^fe80:/i.test(one.address) === isLinkLocal)?.address,
  );
  return linkLocal === undefined || global === undefined
    ? ok({ lanAddress: address, lanAddress6: null })
    : ok({ lanAddress: address, lanAddress6: global, linkLocalAddress: linkLocal });
}
