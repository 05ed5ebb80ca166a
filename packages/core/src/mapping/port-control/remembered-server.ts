/** The PCP or NAT-PMP server of the last time: it is asked before any search. */
import type { FilePort, Transport } from '../../ports.ts';
import { readObjects, textIn } from '../leases/json-store.ts';
import { routersToAsk, type ControlVia, type FindControlMapperOptions } from './find-control-mapper.ts';
import type { ControlServer } from './port-control.ts';

/** What is remembered of it. */
export interface RememberedServer {
  readonly via: ControlVia;
  readonly server: ControlServer;
}

/**
 * Reads it, if it is still a default router of the search: the file may be a stranger's, and names whom this host sends
 * requests to.
 */
export async function readRememberedServer(
  transport: Transport,
  file: FilePort,
  options: FindControlMapperOptions,
): Promise<RememberedServer | null> {
  for (const stored of readObjects((await file.read()).unwrapOr(null))) {
    const via = textIn(stored, 'via');
    const address = textIn(stored, 'server');
    if ((via !== 'pcp' && via !== 'nat-pmp') || address === null) continue;
    const name = textIn(stored, 'interface');
    const routers = await routersToAsk(transport, options);
    const server = routers.find((one) => one.address === address && (name === null || one.name === name));
    return server === undefined ? null : { via, server };
  }
  return null;
}

/** Errors of the file are ignored: the next start takes as long as this one. */
export async function rememberServer(file: FilePort, { via, server }: RememberedServer): Promise<void> {
  const text = `${JSON.stringify([{ via, server: server.address, interface: server.name }])}\n`;
  if ((await file.read()).unwrapOr(null) !== text) (await file.write(text)).unwrapOr(undefined);
}
