/**
 * Prints what changes on the gateway, until its standard input ends; run inside a lab. A description's URL as its argument
 * skips the search.
 */
import { findGateway, gatewayAt } from '@portwright/core';
import { watchGateway } from '@portwright/core/mapping';
import { nodeTransport } from '@portwright/transport-node';

const transport = nodeTransport();
const url = process.argv[2];
const found = await (url === undefined ? findGateway(transport) : gatewayAt(transport, url));
const { gateway, state } = found._unsafeUnwrap();
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
