// @ts-check
// A router that answers searches and is of no use: `node odd-router.mjs BEHAVIOUR`, on the gateway's host of a lab.
import { createSocket } from 'node:dgram';
import { createServer } from 'node:http';

const [behaviour = ''] = process.argv.slice(2);
const ADDRESS = '10.77.0.1';
const PORT = 5000;

const location = behaviour === 'foreign' ? 'http://10.77.0.9:5000/d.xml' : `http://${ADDRESS}:${PORT}/d.xml`;
const answer =
  behaviour === 'malformed'
    ? 'HTTP/1.1 200 OK\r\nST: upnp:rootdevice\r\n\r\n'
    : `HTTP/1.1 200 OK\r\nLOCATION: ${location}\r\nST: upnp:rootdevice\r\nUSN: uuid:1::upnp:rootdevice\r\n\r\n`;

const searches = createSocket({ type: 'udp4', reuseAddr: true });
/** @type {NodeJS.Timeout | undefined} */
let waiting;
searches.on('message', (_search, from) => {
  // Late: a while after the last search of a second. The next round would come sooner.
  clearTimeout(waiting);
  const delay = behaviour === 'late' ? 700 : 0;
  waiting = setTimeout(() => {
    searches.send(answer, from.port, from.address);
  }, delay);
});
searches.bind(1900, () => {
  searches.addMembership('239.255.255.250', ADDRESS);
  if (behaviour === 'refused') process.stdout.write('ready\n');
  else server.listen(PORT, ADDRESS, () => process.stdout.write('ready\n'));
});

const server = createServer((_request, response) => {
  if (behaviour === 'slow') return;
  response.statusCode = behaviour === '404' ? 404 : 200;
  response.end('<html><body>Login</body></html>');
});
