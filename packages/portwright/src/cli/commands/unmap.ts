import type { CallError, Gateway, MappingKey } from '@portwright/core';
import { unmapPort, type NotUnmappedError } from '@portwright/core/mapping';
import { ResultAsync } from '@portwright/core/result';
import type { Outcome, CommandResult } from '../output/outcome.ts';
import { gatewayJson } from '../output/phrases.ts';
import type { UnmapRequest } from '../arguments/requests.ts';

type UnmapError = CallError | NotUnmappedError;

/** `unmap`: closes a port again; that of another computer only by force. */
export function unmap({ gateway }: { readonly gateway: Gateway }, request: UnmapRequest): CommandResult {
  return ResultAsync.fromSafePromise(unmapAll(gateway, request));
}

/** Every protocol is tried: that one was not mapped is no reason to leave the other open. */
async function unmapAll(gateway: Gateway, { port, protocols, force }: UnmapRequest): Promise<Outcome> {
  const unmapped: MappingKey[] = [];
  const failed: (MappingKey & { readonly error: UnmapError })[] = [];
  for (const protocol of protocols) {
    const key = { externalPort: port, protocol };
    const result = await unmapPort(gateway, { ...key, force });
    if (result.isErr()) failed.push({ ...key, error: inOwnWords(key, result.error) });
    else unmapped.push(key);
  }
  return {
    json: { unmapped, ...(failed.length === 0 ? {} : { failed }), gateway: gatewayJson(gateway) },
    text: () =>
      unmapped.map(({ protocol, externalPort }) => `${protocol} port ${externalPort} is no longer mapped\n`).join(''),
    problem: allOf(failed.map(({ error }) => error)),
  };
}

/** The one that a person has to do something about, before a port that is closed anyway; it tells of the others as well. */
function allOf(errors: readonly UnmapError[]): UnmapError | undefined {
  const [first, ...others] = [...errors].sort((one, other) => Number(isAbsent(one)) - Number(isAbsent(other)));
  return first && { ...first, message: [first, ...others].map(({ message }) => message).join('; ') };
}

function isAbsent({ kind, code }: UnmapError): boolean {
  return kind === 'not-unmapped' && code === 'absent';
}

/** The next step in the words of the command line; and whether it was looked for first or not, what is not there is absent. */
function inOwnWords({ protocol, externalPort }: MappingKey, error: UnmapError): UnmapError {
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
