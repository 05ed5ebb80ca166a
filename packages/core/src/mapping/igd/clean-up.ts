/** Deletes what an earlier run has left in an IGD's table. */
import { sameHost } from '../../addresses/ip-address.ts';
import type { Gateway } from '../../client/gateway.ts';
import { isOwnAddress } from '../../client/own-address.ts';
import type { PortMapping } from '../../port-mapping.ts';
import type { LostLease } from '../port-mapper.ts';
import { removeMapping } from './ownership.ts';
import { readTwice } from './read-mapping.ts';
import { bindSourceAddress } from './source-address.ts';

/** @returns `left`: gone, or another's; `failed`: not deleted, or nobody can tell */
export async function cleanUpMapping(gateway: Gateway, lost: LostLease): Promise<'deleted' | 'left' | 'failed'> {
  // Internal port 0 stands for one that the table does not show (a build of OpenWrt).
  const isOwn = (one: PortMapping): boolean =>
    sameHost(one.internalClient, lost.internalClient) !== 'different' &&
    (one.internalPort === lost.internalPort || one.internalPort === 0) &&
    one.description === lost.description;
  const isOurs = await isOwnAddress(gateway.transport, lost.internalClient);
  if (isOurs === false) return 'left';
  const bound = await bindSourceAddress(gateway, lost.internalClient);
  const found = await readTwice(bound, lost, isOwn);
  if (found.isErr()) return 'failed';
  if (found.value === null || !isOwn(found.value)) return 'left';
  // It may be another host's, which runs the same program.
  if (isOurs === null) return 'failed';
  return (await removeMapping(bound, lost, {}, (entry) => entry === null || !isOwn(entry))).isOk()
    ? 'deleted'
    : 'failed';
}
