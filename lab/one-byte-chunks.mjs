// @ts-check
/** Fetches eight bodies of 1 MiB in chunks of one byte, side by side, and says how much this process has grown by that. */
import { once } from 'node:events';
import { fork } from 'node:child_process';
import { createServer } from 'node:net';

const FETCHES = 8;
const MIB = 2 ** 20;

const CHUNKS = '1\r\nx\r\n'.repeat(4096);

/** In a process of its own, whose memory does not count. */
function serve() {
  const server = createServer((socket) => {
    socket.on('error', () => undefined);
    socket.once('data', () => {
      socket.write('HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n');
      let left = MIB / 4096;
      const send = () => {
        left -= 1;
        if (left >= 0) socket.write(CHUNKS, send);
        else socket.end('0\r\n\r\n');
      };
      send();
    });
  });
  server.listen(0, '127.0.0.1', () => {
    const { port } = /** @type {import('node:net').AddressInfo} */ (server.address());
    process.send?.(port);
  });
}

async function fetchAll() {
  const { nodeTransport } = await import('../packages/transport-node/dist/index.js');
  const server = fork(import.meta.filename, ['serve']);
  const [port] = await once(server, 'message');
  const { http } = nodeTransport();
  const before = process.memoryUsage.rss();
  let peak = before;
  const watch = setInterval(() => {
    peak = Math.max(peak, process.memoryUsage.rss());
  }, 10);
  const answers = await Promise.all(
    Array.from({ length: FETCHES }, () =>
      http.request(
        { method: 'GET', url: `http://127.0.0.1:${port}/`, headers: [['Host', 'x']], body: new Uint8Array() },
        { deadlineMs: 300_000, maxBodyBytes: MIB },
      ),
    ),
  );
  clearInterval(watch);
  peak = Math.max(peak, process.memoryUsage.rss());
  const lengths = answers.map((answer) => (answer.isOk() ? answer.value.body.length : answer.error.code));
  if (lengths.some((length) => length !== MIB)) throw new Error(lengths.join(', '));
  console.log(`grew by ${Math.round((peak - before) / MIB)} MiB`);
  server.kill();
}

if (process.argv[2] === 'serve') serve();
else await fetchAll();
