import type { CallError, Gateway, MappingKey } from '@portwright/core';
import { unmapPort, type NotUnmappedError } from '@portwright/core/mapping';
import { err, ok, ResultAsync, type Result } from 'neverthrow';
import type { Outcome, CommandResult } from './outcome.ts';
import { gatewayJson } from './phrases.ts';
import type { UnmapRequest } from './requests.ts';

type UnmapError = CallError | NotUnmappedError;

/** `unmap`: closes a port again; that of another computer only by force. */
export function unmap({ gateway }: { readonly gateway: Gateway }, request: UnmapRequest): CommandResult {
  return new ResultAsync(unmapAll(gateway, request));
}

/** Every protocol is tried: that one was not mapped is no reason to leave the other open. */
async function unmapAll(
  gateway: Gateway,
  { port, protocols, force }: UnmapRequest,
): Promise<Result<Outcome, UnmapError>> {
  const unmapped: MappingKey[] = [];
  let problem: UnmapError | undefined;
  for (const protocol of protocols) {
    const result = await unmapPort(gateway, { externalPort: port, protocol, force });
    if (result.isErr()) problem = withHint(result.error);
    else unmapped.push({ externalPort: port, protocol });
  }
  if (problem !== undefined && unmapped.length === 0) return err(problem);
  return ok({
    json: { unmapped, gateway: gatewayJson(gateway) },
    text: () =>
      unmapped.map(({ protocol, externalPort }) => `${protocol} ${externalPort} is no longer mapped\n`).join(''),
    problem,
  });
}

/** The next step in the words of the command line. */
function withHint(error: UnmapError): UnmapError {
  const { kind, code } = error;
  if (kind === 'not-unmapped' && code === 'not-own') return { ...error, hint: '--force unmaps it all the same.' };
  // 714, NoSuchEntryInArray: the port is not mapped, or not for that protocol.
  const isAbsent = kind === 'not-unmapped' || (kind === 'upnp-fault' && code === 714);
  return isAbsent ? { ...error, hint: 'The list command shows what is mapped.' } : error;
}
