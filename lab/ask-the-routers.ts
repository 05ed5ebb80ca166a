/**
 * Run inside a lab: `ask-the-routers.ts PORT`. Sends two datagrams to each default router, the second when the first has
 * been refused. Prints the routers, and for each the socket's own address and how often it was refused.
 */
import { nodeTransport } from '@portwright/transport-node';

const port = Number(process.argv[2]);
/** This only ends what hangs. */
const LIMIT_MS = 5000;

const { datagram, interfaces } = nodeTransport();
const routers = (await interfaces.defaultRouters?.())?._unsafeUnwrap() ?? [];
for (const { name, family, address } of routers) {
  const remote = { address, port };
  let refusals = 0;
  let tell: (() => void) | undefined;
  const onRefused = (): void => {
    refusals += 1;
    tell?.();
  };
  const socket = (await datagram.open({ family, remote, onRefused }))._unsafeUnwrap();
  for (let sent = 0; sent < 2; sent += 1) {
    const refused = new Promise<void>((resolve) => {
      tell = resolve;
      setTimeout(resolve, LIMIT_MS).unref();
    });
    (await socket.send(new Uint8Array(2), remote))._unsafeUnwrap();
    await refused;
  }
  await socket.close();
  console.log(`${name} ${address} from ${socket.local.address}: ${refusals}`);
}
