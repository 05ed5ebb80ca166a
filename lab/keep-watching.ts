/**
 * Prints what changes on the gateway, until its standard input ends; run inside a lab. Arguments, each of which may be left
 * out: a description's URL, which skips the search, and the milliseconds from one poll to the next.
 */
import { findGateway, gatewayAt, watchGateway } from '@portwright/core/upnp';
import { nodeTransport } from '@portwright/transport-node';

const transport = nodeTransport();
const [url, pollMs] = process.argv.slice(2);
const found = await (url === undefined ? findGateway(transport) : gatewayAt(transport, url));
const { gateway, state } = found._unsafeUnwrap();
const watch = watchGateway(gateway, {
  events: true,
  state,
  ...(pollMs === undefined ? {} : { pollMs: Number(pollMs) }),
});
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
