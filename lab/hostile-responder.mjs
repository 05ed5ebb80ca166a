// @ts-check
// A host on the LAN that does all it can against a search: `node hostile-responder.mjs`, on the gateway's host of a lab,
// beside a router at 10.77.0.1. It prints "ready", then a line for each connection to the forged address 172.31.9.9.
import { spawnSync } from 'node:child_process';
import { createSocket } from 'node:dgram';
import { once } from 'node:events';
import { createServer } from 'node:net';

const ROUTER = '10.77.0.1';
/** Its own address on the LAN. */
const OWN = '10.77.0.66';
/** An address behind the router, as a forged source. */
const ELSEWHERE = '172.31.9.9';
for (const [address, device] of [
  [`${OWN}/24`, 'lan0'],
  [`${ELSEWHERE}/32`, 'lo'],
])
  spawnSync('ip', ['address', 'add', String(address), 'dev', String(device)]);

const CHUNKED = 'HTTP/1.1 200 OK\r\nContent-Type: text/xml\r\nTransfer-Encoding: chunked\r\n\r\n';
const ATTRIBUTES = `<?xml version="1.0"?><root xmlns="urn:schemas-upnp-org:device-1-0"><device${Array.from({ length: 80_000 }, (_, number) => ` a${number}="b"`).join('')}></device></root>`;

/** @typedef {(socket: import('node:net').Socket) => void} Answer */

/** The servers on its own address. @type {readonly (readonly [port: number, answer: Answer])[]} */
const ANSWERS = [
  // 1 MiB in chunks of one byte.
  [8001, (socket) => void socket.end(`${CHUNKED}${'1\r\nx\r\n'.repeat(1 << 20)}0\r\n\r\n`)],
  [8002, (socket) => void socket.end(`HTTP/1.1 200 OK\r\nContent-Length: ${ATTRIBUTES.length}\r\n\r\n${ATTRIBUTES}`)],
  [8003, drip],
  [8004, () => {}],
];
/** Servers on the router's own address: a web page, and a port that accepts connections and sends nothing. @type {typeof ANSWERS} */
const ROUTERS_OWN = [
  [8080, (socket) => void socket.end('HTTP/1.1 200 OK\r\nContent-Length: 18\r\n\r\n<html>Login</html>')],
  [8004, () => {}],
];

for (const [port, answer] of ANSWERS) await listen(OWN, port, answer);
for (const [port, answer] of ROUTERS_OWN) await listen(ROUTER, port, answer);
for (const port of [22, 80, 6379]) await listen(ELSEWHERE, port, () => {});

/** LOCATIONs in each name: more than are fetched at once. The router has no port 9999, and no such document at 5000. */
const NUMBERS = Array.from({ length: 16 }, (_, number) => number);
const PORTS = /** @type {const} */ ([
  [ROUTER, [8080, 8004, 9999, 5000], await speaker(ROUTER)],
  [OWN, [8001, 8002, 8003, 8004], await speaker(OWN)],
  [ELSEWHERE, [22, 80, 6379], await speaker(ELSEWHERE)],
]);
const LIES = NUMBERS.flatMap((number) =>
  PORTS.map(([address, ports, from]) => ({
    from,
    location: `http://${address}:${ports[number % ports.length] ?? 80}/${number}.xml`,
  })),
);

const searches = createSocket({ type: 'udp4', reuseAddr: true });
searches.on('message', (message, from) => {
  const target = /^ST:[ \t]*(\S+)/im.exec(String(message))?.[1];
  if (!String(message).startsWith('M-SEARCH') || target === undefined) return;
  const answer = () => {
    for (const { from: speaking, location } of LIES)
      speaking.send(
        `HTTP/1.1 200 OK\r\nCACHE-CONTROL: max-age=120\r\nEXT:\r\nLOCATION: ${location}\r\nSERVER: a UPnP/1.1 b/1\r\n` +
          `ST: ${target}\r\nUSN: uuid:${location}::${target}\r\n\r\n`,
        from.port,
        from.address,
      );
  };
  // Before the router has answered, after it, and late.
  for (const delay of [0, 50, 500, 2000]) setTimeout(answer, delay);
});
searches.bind(1900, () => {
  searches.addMembership('239.255.255.250', ROUTER);
  process.stdout.write('ready\n');
});

/**
 * A body without an end: a byte now and then.
 *
 * @param {import('node:net').Socket} socket
 */
function drip(socket) {
  socket.write(CHUNKED);
  const timer = setInterval(() => socket.write('1\r\n<\r\n'), 100);
  socket.on('close', () => {
    clearInterval(timer);
  });
}

/**
 * @param {string} address
 * @param {number} port
 * @param {Answer} answer
 */
async function listen(address, port, answer) {
  const server = createServer((socket) => {
    socket.on('error', () => {}); // a client may hang up
    if (address === ELSEWHERE) process.stdout.write(`asked ${address}:${port}\n`);
    socket.once('data', () => {
      answer(socket);
    });
  });
  server.listen(port, address);
  await once(server, 'listening');
}

/** @param {string} address */
async function speaker(address) {
  const socket = createSocket('udp4');
  socket.bind(0, address);
  await once(socket, 'listening');
  return socket;
}
