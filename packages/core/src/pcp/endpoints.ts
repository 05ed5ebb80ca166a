/** Where PCP and NAT-PMP listen (RFC 6887, 19.1; RFC 6886, 3.1). */

/** The router's port for requests of both protocols. */
export const PCP_SERVER_PORT = 5351;
/** The hosts' port for announcements of both protocols. */
export const PCP_CLIENT_PORT = 5350;
/** All nodes of a link: where a router announces that it has lost its mappings (RFC 6887, 14.1.1; RFC 6886, 3.2.1). */
export const PCP_GROUPS = { ipv4: '224.0.0.1', ipv6: 'ff02::1' } as const;
