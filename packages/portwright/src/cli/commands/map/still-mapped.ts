/** The error for a port that may stay mapped after the end of a run. */
import type { CallError, MappingKey } from '@portwright/core';
import type { Problem } from '../../errors/problem.ts';

/** @param before - the error for the ports before this one, which it joins */
export function stillMapped(
  invocation: string,
  key: MappingKey,
  error: CallError,
  before: Problem | undefined,
): Problem {
  const { protocol, externalPort } = key;
  const message = `${nameOf(key)} may still be mapped: ${error.message}`;
  const command = `${invocation} unmap ${externalPort} --protocol ${before === undefined ? protocol.toLowerCase() : 'both'}`;
  const hint = `When the router answers again, run: ${command}`;
  return { ...error, message: before === undefined ? message : `${before.message}; ${message}`, hint };
}

export function nameOf({ protocol, externalPort }: MappingKey): string {
  return `${protocol} port ${externalPort}`;
}
