import type { CallError, MappingKey, Protocol, Transport } from '@portwright/core';
import { isOn } from '@portwright/core/internal';
import { unmapPort, type NotUnmappedError, type PortMapper } from '@portwright/core/mapping';
import { ResultAsync } from '@portwright/core/result';
import {
  DEFAULT_PROTOCOLS,
  MAPPER_OPTIONS,
  mapperRequest,
  PORT,
  PROTOCOL,
  type MapperRequest,
} from '../arguments/options.ts';
import type { Host } from '../host.ts';
import { leftLeases, type LeftLease } from '../leases/lease-files.ts';
import type { Outcome, CommandResult } from '../output/outcome.ts';
import { mapperJson } from '../output/phrases.ts';
import { defineCommand, type Context } from './command.ts';

export interface UnmapRequest extends MapperRequest {
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
    ...MAPPER_OPTIONS,
  ],
  toRequest: (flags, [port]): UnmapRequest => ({
    command: 'unmap',
    ...mapperRequest(flags),
    port,
    protocols: flags.protocol ?? DEFAULT_PROTOCOLS,
    force: flags.force === true,
  }),
});

export function run(request: UnmapRequest, { host, network }: Context): CommandResult {
  return ResultAsync.fromSafePromise(network.openTransport(host, request)).andThen((transport) =>
    ResultAsync.fromSafePromise(leftBy(request, host, transport)).andThen((left) =>
      network
        .locateMapper(host, request, transport, { signal: host.signal, lastVia: left[0]?.lease.via })
        .andThen(({ mapper }) => ResultAsync.fromSafePromise(unmapAll(mapper, request, left))),
    ),
  );
}

/** What earlier runs have mapped by PCP or NAT-PMP. It is unmapped by the protocol that has mapped it. */
async function leftBy(
  { port, protocols, simulate }: UnmapRequest,
  host: Host,
  { clock }: Transport,
): Promise<readonly LeftLease[]> {
  if (simulate) return [];
  const now = clock.wallTime?.() ?? 0;
  const left = await Promise.all(protocols.map((protocol) => leftLeases(host, { externalPort: port, protocol }, now)));
  return left.flat();
}

type UnmapError = CallError | NotUnmappedError;

/** Tries every protocol: a failure for one must not leave the other open. */
async function unmapAll(
  mapper: PortMapper,
  { port, protocols, force }: UnmapRequest,
  left: readonly LeftLease[],
): Promise<Outcome> {
  const unmapped: MappingKey[] = [];
  const failed: (MappingKey & { readonly error: UnmapError })[] = [];
  for (const protocol of protocols) {
    const key = { externalPort: port, protocol };
    const known = left.find(({ lease }) => lease.protocol === protocol && isOn(lease, mapper));
    const result = await (known === undefined ? unmapPort(mapper, { ...key, force }) : mapper.unmap(key, known.lease));
    if (result.isErr()) failed.push({ ...key, error: formatForCli(key, result.error) });
    else unmapped.push(key);
    if (result.isOk()) await known?.forget();
  }
  return {
    json: { unmapped, ...(failed.length === 0 ? {} : { failed }), gateway: mapperJson(mapper) },
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
  // No router lists whose nonce it is.
  if (kind === 'not-unmapped' && code === 'no-nonce') return error;
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
