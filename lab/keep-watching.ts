/** Prints what changes on the gateway, until its standard input ends; run inside a lab. */
import { findGateway } from '@portwright/core';
import { watchGateway } from '@portwright/core/mapping';
import { nodeTransport } from '@portwright/transport-node';

const { gateway, state } = (await findGateway(nodeTransport()))._unsafeUnwrap();
const watch = watchGateway(gateway, { events: true, state });
watch.on((change) => {
  say(change);
});
process.stdin.on('end', () => {
  void watch.close().then(() => {
    say({ kind: 'closed' });
  });
});
process.stdin.resume();
say({ kind: 'watching' });

function say(line: object): void {
  process.stdout.write(`${JSON.stringify(line)}\n`);
}
