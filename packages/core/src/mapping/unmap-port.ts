import { err, ok, safeTry, type ResultAsync } from '../result.ts';
import { sameHost } from '../addresses/ip-address.ts';
import { checkArguments, GATEWAY, OPTIONS } from '../arguments.ts';
import type { Gateway } from '../client/gateway.ts';
import { internalClientOf } from '../client/internal-client.ts';
import { checkMappingKey, DEFAULT_DESCRIPTION, type MappingKey, type PortMapping } from '../port-mapping.ts';
import type { CallError } from '../errors.ts';
import type { CallOptions } from '../call-options.ts';
import { printable } from '../text.ts';
import { readTwice } from './igd/read-mapping.ts';
import { speakingAs } from './igd/source-address.ts';
import { removeMapping } from './igd/ownership.ts';

export interface UnmapPortOptions extends MappingKey, CallOptions {
  /** Delete it whosever it is. Default: only one that leads to this host. */
  readonly force?: boolean | undefined;
  /**
   * This host, where the gateway sees another address than its mappings lead to. If it is an address of this host's own,
   * that is what the gateway is spoken to from.
   */
  readonly internalClient?: string | undefined;
}

/** The mapping was not deleted. */
export interface NotUnmappedError {
  readonly kind: 'not-unmapped';
  /** `not-own`: it leads to another host; `absent`: there is no such mapping; `unknown`: it can't be read. */
  readonly code: 'not-own' | 'absent' | 'unknown';
  readonly message: string;
  readonly mapping: PortMapping | null;
  readonly hint?: string | undefined;
}

/**
 * Deletes a mapping, if it leads to this host: many gateways let any host delete any mapping. One that can't be read is
 * left alone, too, unless it is forced.
 */
export function unmapPort(
  gateway: Gateway,
  options: UnmapPortOptions,
): ResultAsync<PortMapping | null, CallError | NotUnmappedError> {
  return safeTry<PortMapping | null, CallError | NotUnmappedError>(async function* () {
    yield* checkArguments(['gateway', gateway, GATEWAY], ['options', options, OPTIONS]);
    const key = yield* checkMappingKey(options);
    const own = yield* await internalClientOf(gateway, options.internalClient);
    const voice = await speakingAs(gateway, own);
    const read = await readTwice(voice, key, ({ internalClient }) => sameHost(internalClient, own) === 'same', options);
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
    yield* removeMapping(voice, key, options);
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
