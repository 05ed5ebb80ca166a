/** RFC 1078's port multiplexer, which nobody runs: a connection to it is refused. */
const CLOSED_PORT = 1;

/** The same URL, with a port on which nobody listens. */
export function withClosedPort(url: string): string {
  return url.replace(/^(http:\/\/(?:\[[^\]]*\]|[^:/]*))(?::\d+)?/i, (_whole, host: string) => `${host}:${CLOSED_PORT}`);
}

/** Another host of the same network, as a URL writes it: 192.168.1.66, [fd77::66]. */
export function neighbourOf(host: string): string {
  const neighbour = host.replace(/(?<![\da-f])[\da-f]*(?=\]?$)/i, '66');
  return neighbour === host ? host.replace(/66(?=\]?$)/, '67') : neighbour;
}

/** `http://192.168.1.1:5000` */
export function originOf(url: string): string {
  return /^http:\/\/[^/?#]+/i.exec(url)?.[0] ?? '';
}
