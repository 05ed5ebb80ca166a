/** Deletes one mapping of an IGD's table. */
import { err, ok, safeTry, type ResultAsync } from '../../result.ts';
import { sameHost } from '../../addresses/ip-address.ts';
import type { Gateway } from '../../client/gateway.ts';
import { internalClientOf } from '../../client/internal-client.ts';
import type { CallError } from '../../errors.ts';
import { checkMappingKey } from '../../client/mapping-arguments.ts';
import { DEFAULT_DESCRIPTION, type PortMapping } from '../../port-mapping.ts';
import { printable } from '../../text.ts';
import type { NotUnmappedError, UnmapPortOptions } from '../types.ts';
import { removeMapping } from './ownership.ts';
import { readTwice } from './read-mapping.ts';
import { bindSourceAddress } from './source-address.ts';

/**
 * Deletes a mapping, if it leads to this host: many gateways let any host delete any mapping. One that can't be read is
 * left alone, too, unless it is forced.
 */
export function unmapMapping(
  gateway: Gateway,
  options: UnmapPortOptions,
): ResultAsync<PortMapping | null, CallError | NotUnmappedError> {
  return safeTry<PortMapping | null, CallError | NotUnmappedError>(async function* () {
    const key = yield* checkMappingKey(options);
    const own = yield* await internalClientOf(gateway, options.internalClient);
    const bound = await bindSourceAddress(gateway, own);
    const read = await readTwice(bound, key, ({ internalClient }) => sameHost(internalClient, own) === 'same', options);
    const mapping = read.unwrapOr(null);
    if (options.force !== true) {
      const { externalPort, protocol } = key;
      const port = `${protocol} port ${externalPort}`;
      if (read.isErr()) {
        return err(
          read.error.kind === 'transport'
            ? read.error
            : notUnmapped('unknown', `can't read who owns ${port}: ${read.error.message}`),
        );
      }
      if (mapping === null) return err(notUnmapped('absent', `${port} is not mapped`));
      const owner = sameHost(mapping.internalClient, own);
      // A client that is spelled as a name: what this program maps without a name of its own is its own.
      if (owner === 'unknown' && mapping.description !== DEFAULT_DESCRIPTION) {
        return err(
          notUnmapped(
            'unknown',
            `can't tell who owns ${port}: the router lists "${printable(mapping.internalClient)}" as its client`,
            mapping,
          ),
        );
      }
      if (owner === 'different') {
        return err(notUnmapped('not-own', `${port} is mapped to another device, ${mapping.internalClient}`, mapping));
      }
    }
    yield* removeMapping(bound, key, options);
    return ok(mapping);
  });
}

function notUnmapped(
  code: NotUnmappedError['code'],
  message: string,
  mapping: PortMapping | null = null,
): NotUnmappedError {
  const hint = code === 'absent' ? 'Check the port and the protocol.' : 'To delete the mapping anyway, set force.';
  return { kind: 'not-unmapped', code, message, mapping, hint };
}
