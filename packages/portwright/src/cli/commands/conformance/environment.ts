/** The gateway that is checked, and what is around it: on the network, or simulated in this process's memory. */
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
import { resolveTransport } from '../../network/connect.ts';
import type { Host } from '../../host.ts';
import type { Problem } from '../../errors/problem.ts';
import type { ConformanceRequest } from '../../arguments/requests.ts';
import { unknownPersona } from '../simulate/personas.ts';
import { reachWanHost, wanHostTransport } from '../wan-host/client.ts';

export interface Stand extends AsyncDisposable, Pick<ConformanceOptions, 'secondClient' | 'wanHost' | 'reboot'> {
  readonly transport: Transport;
  readonly target: Target;
  /** What a person should know of how it went. */
  readonly warnings: () => readonly string[];
}

export function standFor(host: Host, request: ConformanceRequest): ResultAsync<Stand, Problem> {
  const { simulate } = request;
  if (simulate === undefined) return onTheNetwork(host, request);
  return isPersona(simulate)
    ? okAsync(simulated(simulate))
    : errAsync(unknownPersona(simulate, PERSONAS, host.invocation));
}

function isPersona(name: string): name is PersonaName {
  return Object.hasOwn(PERSONAS, name);
}

/** On virtual time, and with all that a check could need. */
function simulated(persona: PersonaName): Stand {
  const router = simulateGateway({ persona, recordedExchanges: 0 });
  // The lists of what personas miss were made with them; some of it is not to be seen on an empty table.
  putForeignMappings(router);
  return {
    transport: router.transport,
    // Some personas are not found by a search, and all are to be checked.
    target: { kind: 'url', url: router.descriptionUrl },
    ...surroundings(router),
    warnings: () => [],
    [Symbol.asyncDispose]: () => router.close(),
  };
}

function onTheNetwork(host: Host, request: ConformanceRequest): ResultAsync<Stand, Problem> {
  const { gateway, timeoutMs, wanHost, reboot } = request;
  const reached: ResultAsync<unknown, Problem> = wanHost === undefined ? okAsync(null) : reachWanHost(wanHost);
  const warnings: string[] = [];
  const warn = (warning: string): void => {
    warnings.push(warning);
  };
  return reached
    .andThen(() => ResultAsync.fromSafePromise(resolveTransport(host, { simulate: false })))
    .map((transport): Stand => ({
      transport,
      target:
        gateway === undefined
          ? { kind: 'search', timeoutMs, interface: request.interface }
          : { kind: 'url', url: gateway },
      wanHost: wanHost === undefined ? undefined : wanHostTransport(wanHost, transport),
      reboot: reboot === undefined ? undefined : () => runInShell(reboot, host.signal, warn),
      warnings: () => warnings,
      [Symbol.asyncDispose]: () => Promise.resolve(),
    }));
}

/** What it prints is nobody's: the report is all that there is on stdout. */
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
