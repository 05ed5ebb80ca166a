/** The gateway under test and its surroundings: on the network, or simulated in memory. */
import type { ConformanceOptions, Target } from '@portwright/conformance';
import type { AbortSignalLike, Transport } from '@portwright/core';
import {
  PERSONAS,
  putForeignMappings,
  simulateGateway,
  surroundings,
  type PersonaName,
} from '@portwright/transport-mock';
import { errAsync, okAsync, ResultAsync } from '@portwright/core/result';
import type { Problem } from '../../errors/problem.ts';
import type { Context } from '../command.ts';
import { unknownPersona } from '../simulate/personas.ts';
import { serverIn } from './server-url.ts';
import { reachWanHost, wanHostTransport, type WanHostAddress } from '../wan-host/client.ts';

export interface EnvironmentRequest {
  /** A persona, in place of a gateway on the network. */
  readonly simulate?: string | undefined;
  /** The URL of the gateway's description, or `pcp://` or `nat-pmp://` and its address. It replaces the search. */
  readonly gateway?: string | undefined;
  readonly interface?: string | undefined;
  readonly timeoutMs?: number | undefined;
  readonly wanHost?: WanHostAddress | undefined;
  /** A shell command. */
  readonly reboot?: string | undefined;
}

export interface Environment extends AsyncDisposable, Pick<ConformanceOptions, 'secondClient' | 'wanHost' | 'reboot'> {
  readonly transport: Transport;
  readonly target: Target;
  readonly warnings: () => readonly string[];
}

type NetworkContext = Pick<Context, 'host' | 'network'>;

export function environmentFor(
  request: EnvironmentRequest,
  context: NetworkContext,
): ResultAsync<Environment, Problem> {
  const { simulate } = request;
  if (simulate === undefined) return onTheNetwork(request, context);
  return isPersona(simulate)
    ? okAsync(simulated(simulate))
    : errAsync(unknownPersona(simulate, PERSONAS, context.host.invocation));
}

function isPersona(name: string): name is PersonaName {
  return Object.hasOwn(PERSONAS, name);
}

/** On virtual time, with everything that a check can need. */
function simulated(persona: PersonaName): Environment {
  const router = simulateGateway({ persona, recordedExchanges: 0 });
  // The lists of known failures were made with these mappings. An empty table hides some failures.
  putForeignMappings(router);
  return {
    transport: router.transport,
    // A search does not find every persona.
    target: router.config.protocols.includes('upnp')
      ? { kind: 'url', url: router.descriptionUrl }
      : { kind: 'port-control', address: router.config.lanAddress },
    ...surroundings(router),
    warnings: () => [],
    [Symbol.asyncDispose]: () => router.close(),
  };
}

function onTheNetwork(
  request: EnvironmentRequest,
  { host, network }: NetworkContext,
): ResultAsync<Environment, Problem> {
  const { gateway, timeoutMs, wanHost, reboot } = request;
  const reached: ResultAsync<unknown, Problem> = wanHost === undefined ? okAsync(null) : reachWanHost(wanHost);
  const warnings: string[] = [];
  const warn = (warning: string): void => {
    warnings.push(warning);
  };
  return reached
    .andThen(() => ResultAsync.fromSafePromise(network.resolveTransport(host, { simulate: false })))
    .map((transport): Environment => ({
      transport,
      target: gateway === undefined ? { kind: 'search', timeoutMs, interface: request.interface } : targetAt(gateway),
      wanHost: wanHost === undefined ? undefined : wanHostTransport(wanHost, transport),
      reboot: reboot === undefined ? undefined : () => runInShell(reboot, host.signal, warn),
      warnings: () => warnings,
      [Symbol.asyncDispose]: () => Promise.resolve(),
    }));
}

function targetAt(gateway: string): Target {
  const address = serverIn(gateway);
  return address === null ? { kind: 'url', url: gateway } : { kind: 'port-control', address };
}

/** The command's output is dropped: stdout has the report and nothing else. */
function runInShell(command: string, signal: AbortSignalLike, warn: (warning: string) => void): Promise<void> {
  const { spawn } = process.getBuiltinModule('node:child_process');
  return new Promise((resolve) => {
    const child = spawn(command, { shell: true, stdio: 'ignore' });
    const stop = (): void => {
      child.kill();
    };
    signal.addEventListener('abort', stop);
    const end = (problem: string | null): void => {
      signal.removeEventListener('abort', stop);
      if (problem !== null) warn(`--reboot: ${problem}.`);
      resolve();
    };
    child.on('error', (error) => {
      end(error.message);
    });
    child.on('close', (code, killedBy) => {
      end(
        code === 0 || signal.aborted
          ? null
          : `the command failed with ${code === null ? `signal ${killedBy ?? 'unknown'}` : `exit status ${code}`}`,
      );
    });
  });
}
