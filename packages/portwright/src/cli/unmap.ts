import type { CallError, Gateway, MappingKey } from '@portwright/core';
import { deleteMapping } from '@portwright/core';
import { err, ok, ResultAsync, type Result } from 'neverthrow';
import type { Outcome, CommandResult } from './outcome.ts';
import { gatewayJson } from './phrases.ts';
import type { UnmapRequest } from './requests.ts';

/** `unmap`: closes a port again, whoever had opened it. */
export function unmap({ gateway }: { readonly gateway: Gateway }, request: UnmapRequest): CommandResult {
  return new ResultAsync(unmapAll(gateway, request));
}

/** Every protocol is tried: that one was not mapped is no reason to leave the other open. */
async function unmapAll(gateway: Gateway, { port, protocols }: UnmapRequest): Promise<Result<Outcome, CallError>> {
  const unmapped: MappingKey[] = [];
  let problem: CallError | undefined;
  for (const protocol of protocols) {
    const result = await deleteMapping(gateway, { externalPort: port, protocol });
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

/** 714, NoSuchEntryInArray: the port is not mapped, or not for that protocol. */
function withHint(error: CallError): CallError {
  if (error.kind !== 'upnp-fault' || error.code !== 714) return error;
  return { ...error, hint: error.hint ?? 'That port is not mapped for that protocol: the list command shows what is.' };
}
