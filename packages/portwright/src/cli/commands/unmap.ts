import type { CallError, MappingKey, Protocol } from '@portwright/core';
import type { Gateway } from '@portwright/core/upnp';
import { unmapPort, type NotUnmappedError } from '@portwright/core/mapping';
import { igdMapper } from '@portwright/core/upnp';
import { ResultAsync } from '@portwright/core/result';
import {
  DEFAULT_PROTOCOLS,
  GATEWAY_OPTIONS,
  gatewayRequest,
  PORT,
  PROTOCOL,
  type GatewayRequest,
} from '../arguments/options.ts';
import type { Outcome, CommandResult } from '../output/outcome.ts';
import { gatewayJson } from '../output/phrases.ts';
import { defineCommand, type Context } from './command.ts';

export interface UnmapRequest extends GatewayRequest {
  readonly command: 'unmap';
  readonly port: number;
  readonly protocols: readonly Protocol[];
  /** A mapping to another host is deleted, too. */
  readonly force: boolean;
}

export const command = defineCommand({
  name: 'unmap',
  helpOrder: 70,
  description: 'close a port that leads to this computer',
  parameters: [PORT],
  options: [
    PROTOCOL,
    { name: 'force', description: 'unmap the port even if it leads to another computer' },
    ...GATEWAY_OPTIONS,
  ],
  toRequest: (flags, [port]): UnmapRequest => ({
    command: 'unmap',
    ...gatewayRequest(flags),
    port,
    protocols: flags.protocol ?? DEFAULT_PROTOCOLS,
    force: flags.force === true,
  }),
});

export function run(request: UnmapRequest, { host, network }: Context): CommandResult {
  return network
    .connectWithoutState(host, request)
    .andThen(({ gateway }) => ResultAsync.fromSafePromise(unmapAll(gateway, request)));
}

type UnmapError = CallError | NotUnmappedError;

/** Tries every protocol: a failure for one must not leave the other open. */
async function unmapAll(gateway: Gateway, { port, protocols, force }: UnmapRequest): Promise<Outcome> {
  const unmapped: MappingKey[] = [];
  const failed: (MappingKey & { readonly error: UnmapError })[] = [];
  for (const protocol of protocols) {
    const key = { externalPort: port, protocol };
    const result = await unmapPort(igdMapper(gateway), { ...key, force });
    if (result.isErr()) failed.push({ ...key, error: formatForCli(key, result.error) });
    else unmapped.push(key);
  }
  return {
    json: { unmapped, ...(failed.length === 0 ? {} : { failed }), gateway: gatewayJson(gateway) },
    text: () =>
      unmapped.map(({ protocol, externalPort }) => `${protocol} port ${externalPort} is no longer mapped\n`).join(''),
    problem: allOf(failed.map(({ error }) => error)),
  };
}

/** Reports the error that needs action before a port that is closed anyway. Its message names the others as well. */
function allOf(errors: readonly UnmapError[]): UnmapError | undefined {
  const [first, ...others] = [...errors].sort((one, other) => Number(isAbsent(one)) - Number(isAbsent(other)));
  return first && { ...first, message: [first, ...others].map(({ message }) => message).join('; ') };
}

function isAbsent({ kind, code }: UnmapError): boolean {
  return kind === 'not-unmapped' && code === 'absent';
}

/** Names the next step. A mapping that is not there is `absent`, whether the core looked for it first or not. */
function formatForCli({ protocol, externalPort }: MappingKey, error: UnmapError): UnmapError {
  const { kind, code } = error;
  if (kind === 'not-unmapped' && code === 'not-own') {
    return { ...error, hint: 'To unmap it anyway, pass --force.' };
  }
  const hint = 'The list command shows the mapped ports.';
  if (kind === 'not-unmapped') return { ...error, hint };
  // 714, NoSuchEntryInArray: the port is not mapped, or not for that protocol.
  return kind === 'upnp-fault' && code === 714
    ? {
        kind: 'not-unmapped',
        code: 'absent',
        message: `${protocol} port ${externalPort} is not mapped`,
        mapping: null,
        hint,
      }
    : error;
}
