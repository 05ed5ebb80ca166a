// @ts-check
// The smallest proof that packets get through. Run inside a lab's hosts, where it is a process of its own:
//
//   node probe.mjs serve tcp|udp PORT [SECONDS]            echoes; ends by itself (default: after 60 s)
//   node probe.mjs send  tcp|udp HOST PORT TEXT [SECONDS]  says what came back (default: waits 3 s)
//
// Every line of output is one JSON object. "send" exits with 0 when TEXT came back, 1 when it did not, and both with 2 when
// they are called wrongly.
import { createSocket } from 'node:dgram';
import { createConnection, createServer, isIPv6 } from 'node:net';

const [command = '', protocol = '', ...rest] = process.argv.slice(2);

/** @param {object} line */
const say = (line) => process.stdout.write(`${JSON.stringify(line)}\n`);

if (command === 'serve' && rest.length >= 1 && rest.length <= 2) {
  endAfter(rest[1] ?? '60', 0);
  serve(portFrom(rest[0]));
} else if (command === 'send' && rest.length >= 3 && rest.length <= 4) {
  const [host = '', port, text = '', seconds = '3'] = rest;
  endAfter(seconds, 1, () => say({ reached: false, reason: `no answer in ${seconds} s` }));
  send(host, portFrom(port), text);
} else {
  misuse('Usage: probe.mjs serve tcp|udp PORT [SECONDS] | send tcp|udp HOST PORT TEXT [SECONDS]');
}

/** @param {number} port */
function serve(port) {
  /** @param {string | undefined} address @param {number | undefined} from @param {Buffer} data */
  const heard = (address, from, data) => say({ event: 'received', address, port: from, text: data.toString() });
  if (protocol === 'tcp') {
    const server = createServer((socket) => {
      const { remoteAddress, remotePort } = socket;
      // "::" takes IPv4 too, and then writes IPv4 addresses in the IPv6 way.
      socket.on('data', (data) => heard(remoteAddress?.replace(/^::ffff:/, ''), remotePort, data)).pipe(socket);
      socket.on('error', () => socket.destroy());
    });
    server.on('error', fail).listen(port, () => say({ event: 'listening', protocol, port }));
    return;
  }
  // One socket a family, so that each answers from the address that it was asked at.
  const sockets = [createSocket('udp4'), createSocket({ type: 'udp6', ipv6Only: true })];
  let open = 0;
  for (const socket of sockets) {
    socket.on('message', (data, { address, port: from }) => {
      heard(address, from, data);
      socket.send(data, from, address);
    });
    socket.on('error', fail).bind(port, () => {
      open += 1;
      if (open === sockets.length) say({ event: 'listening', protocol, port });
    });
  }
}

/**
 * @param {string} host
 * @param {number} port
 * @param {string} text
 */
function send(host, port, text) {
  const start = performance.now();
  /** @param {string} reply */
  const done = (reply) => {
    const reached = reply === text;
    say({ reached, reply, milliseconds: Math.round(performance.now() - start) });
    process.exit(reached ? 0 : 1);
  };
  if (protocol === 'tcp') {
    let reply = '';
    const socket = createConnection({ host, port }, () => socket.end(text));
    socket.setEncoding('utf8').on('data', (part) => {
      reply += part.toString();
    });
    socket.on('error', fail).on('end', () => {
      done(reply);
    });
    return;
  }
  const socket = createSocket(isIPv6(host) ? 'udp6' : 'udp4');
  socket.on('message', (data) => done(data.toString())).on('error', fail);
  // Connected, so that an ICMP "port unreachable" comes back as an error instead of as silence.
  socket.connect(port, host, () => {
    socket.send(text);
  });
}

/** @param {Error} error */
function fail(error) {
  say({ reached: false, reason: error.message });
  process.exit(1);
}

/**
 * @param {string} seconds
 * @param {number} status
 * @param {() => void} [lastWords]
 */
function endAfter(seconds, status, lastWords) {
  if (protocol !== 'tcp' && protocol !== 'udp') misuse(`The protocol is tcp or udp, not "${protocol}".`);
  if (!(Number(seconds) > 0 && Number(seconds) <= 86_400)) misuse(`"${seconds}" is no number of seconds.`);
  setTimeout(
    () => {
      lastWords?.();
      process.exit(status);
    },
    Number(seconds) * 1000,
  );
}

/** @param {string | undefined} text */
function portFrom(text) {
  const port = Number(text);
  if (Number.isInteger(port) && port >= 1 && port <= 65535) return port;
  return misuse(`"${text}" is no port.`);
}

/**
 * @param {string} sentence
 * @returns {never}
 */
function misuse(sentence) {
  process.stderr.write(`${sentence}\n`);
  process.exit(2);
}
