import type { ResultAsync } from '../result.ts';
import { checkArguments, OPTIONS, PORT_MAPPER } from '../arguments.ts';
import type { CallError } from '../errors.ts';
import type { PortMapping } from '../port-mapping.ts';
import type { PortMapper } from './port-mapper.ts';
import type { NotUnmappedError, UnmapPortOptions } from './types.ts';

/**
 * Deletes a mapping, if it leads to this host: many gateways let any host delete any mapping. One that can't be read is
 * left alone, too, unless it is forced.
 */
export function unmapPort(
  mapper: PortMapper,
  options: UnmapPortOptions,
): ResultAsync<PortMapping | null, CallError | NotUnmappedError> {
  return checkArguments(['mapper', mapper, PORT_MAPPER], ['options', options, OPTIONS]).asyncAndThen(() =>
    mapper.unmap(options),
  );
}
