import type { Transport } from '../../ports.ts';
import { Keeper } from './keeper.ts';
import type { KeeperOptions } from './keeper-options.ts';
import type { KeptPort } from './kept-port.ts';
import type { MapPortOptions } from '../types.ts';

/**
 * Maps one port and keeps it mapped until it is closed. For several ports, make a {@link Keeper}: it looks after all of
 * them at once. An abort of `signal` closes it.
 *
 * @example
 * ```ts
 * await using game = keepMapped(transport, { externalPort: 7777, protocol: 'UDP' });
 * for await (const event of game) console.log(event.kind);
 * ```
 */
export function keepMapped(transport: Transport, options: MapPortOptions & KeeperOptions): KeptPort {
  return new Keeper(transport, options).keep(options);
}
