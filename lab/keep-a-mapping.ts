/**
 * Keeps UDP port 7777 mapped until it is told to end, and prints what happens to it; run inside a lab. With a path, it
 * keeps a journal there, and first cleans up by it.
 */
import { cleanUpAfterCrash, findMapper, Keeper, LeaseStore } from '@portwright/core/mapping';
import { closeOnExit, nodeFile, nodeTransport } from '@portwright/transport-node';

const transport = nodeTransport();
const { mapper } = (await findMapper(transport))._unsafeUnwrap();
const [path] = process.argv.slice(2);
const file = path === undefined ? undefined : nodeFile(path);
if (file !== undefined) say('cleaned', (await cleanUpAfterCrash(mapper, file))._unsafeUnwrap());

const keeper = new Keeper(transport, { mapper, leases: new LeaseStore({ file }) });
closeOnExit(keeper);
const mapping = keeper.keep({ externalPort: 7777, protocol: 'UDP', description: 'kept' });
mapping.on(({ kind }) => {
  say(kind);
});

function say(kind: string, rest: object = {}): void {
  process.stdout.write(`${JSON.stringify({ kind, ...rest })}\n`);
}
