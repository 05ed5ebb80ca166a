// @ts-check

/**
 * A mapping as the gateway itself has it on disk.
 *
 * @typedef {object} Lease
 * @property {'TCP' | 'UDP'} protocol
 * @property {number} externalPort
 * @property {string} internalClient
 * @property {number} internalPort
 * @property {number} expires seconds since 1970; 0: never
 * @property {string} description
 */

/**
 * Reads miniupnpd's lease file: one mapping a line, `TCP:18080:10.77.0.2:8080:0:the description`.
 *
 * @param {string} text
 * @returns {Lease[]}
 */
export function parseLeases(text) {
  return text
    .split('\n')
    .map((line) => /^(TCP|UDP):(\d+):([^:]*):(\d+):(\d+):(.*)$/.exec(line))
    .filter((match) => match !== null)
    .map(([, protocol, externalPort, internalClient, internalPort, expires, description]) => ({
      protocol: protocol === 'TCP' ? 'TCP' : 'UDP',
      externalPort: Number(externalPort),
      internalClient: internalClient ?? '',
      internalPort: Number(internalPort),
      expires: Number(expires),
      description: description ?? '',
    }));
}

/**
 * Writes them as the daemon would.
 *
 * @param {readonly Lease[]} leases
 */
export function writeLeases(leases) {
  return leases
    .map((one) => [one.protocol, one.externalPort, one.internalClient, one.internalPort, one.expires, one.description])
    .map((fields) => `${fields.join(':')}\n`)
    .join('');
}
