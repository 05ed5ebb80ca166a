export interface HttpTarget {
  /** Without brackets; a zone's `%25` decoded. */
  readonly host: string;
  readonly port: number;
  /** Path and query; at least `/`. */
  readonly path: string;
}

const HTTP_URL = /^http:\/\/(\[[^\]]+\]|[^/?#:@[\]]+)(?::(\d{1,5}))?([/?][^#]*)?$/i;

/** The parts of an absolute `http:` URL. Null for anything else. */
export function readHttpUrl(url: string): HttpTarget | null {
  const match = HTTP_URL.exec(url);
  if (match === null) return null;
  const [, host = '', port = '80', rest = '/'] = match;
  const portNumber = Number(port);
  if (portNumber < 1 || portNumber > 65_535) return null;
  return {
    // RFC 6874: a zone is written %25 in a URL.
    host: host.replace(/^\[(.*)\]$/, '$1').replace('%25', '%'),
    port: portNumber,
    path: rest.startsWith('?') ? `/${rest}` : rest,
  };
}
