/**
 * What Godot's methods answer: numbers, each with a name.
 *
 * @see Godot's class reference, UPNP.UPNPResult (there with the prefix `UPNP_RESULT_`)
 */
export const UPNPResult = {
  SUCCESS: 0,
  /** The router does not let this host change its mappings, or this mapping in particular. */
  NOT_AUTHORIZED: 1,
  /** A version 2 gateway has no such mapping to delete. Godot itself never gives it. */
  PORT_MAPPING_NOT_FOUND: 2,
  INCONSISTENT_PARAMETERS: 3,
  /** No such mapping: what most gateways answer to a delete that finds none. */
  NO_SUCH_ENTRY_IN_ARRAY: 4,
  ACTION_FAILED: 5,
  SRC_IP_WILDCARD_NOT_PERMITTED: 6,
  EXT_PORT_WILDCARD_NOT_PERMITTED: 7,
  INT_PORT_WILDCARD_NOT_PERMITTED: 8,
  REMOTE_HOST_MUST_BE_WILDCARD: 9,
  EXT_PORT_MUST_BE_WILDCARD: 10,
  /** The gateway's table is full. */
  NO_PORT_MAPS_AVAILABLE: 11,
  /** The gateway uses the port otherwise: for a fixed forwarding, or itself. */
  CONFLICT_WITH_OTHER_MECHANISM: 12,
  /** Another host holds the port. */
  CONFLICT_WITH_OTHER_MAPPING: 13,
  /** The internal port must equal the external one. */
  SAME_PORT_VALUES_REQUIRED: 14,
  /** The duration must be 0. */
  ONLY_PERMANENT_LEASE_SUPPORTED: 15,
  /** The device can't map ports: see its {@link IGDStatus}. */
  INVALID_GATEWAY: 16,
  /** The port is not 1..65535, or the internal port not 0..65535. */
  INVALID_PORT: 17,
  /** Neither exactly `UDP` nor exactly `TCP`. */
  INVALID_PROTOCOL: 18,
  /** The duration is negative. */
  INVALID_DURATION: 19,
  /** The gateway, or the encoder, does not take an argument. */
  INVALID_ARGS: 20,
  /** What the gateway answered is not an answer to the call. */
  INVALID_RESPONSE: 21,
  /** The timeout is negative, or the TTL not 0..255. */
  INVALID_PARAM: 22,
  /** No HTTP answer, or one with an error status and without a UPnP fault. */
  HTTP_ERROR: 23,
  SOCKET_ERROR: 24,
  MEM_ALLOC_ERROR: 25,
  /** There is no gateway in the list: call discover first. */
  NO_GATEWAY: 26,
  /** Nobody answered the search. */
  NO_DEVICES: 27,
  /** Everything else: other error codes of the gateway, an unknown interface, an aborted call. */
  UNKNOWN_ERROR: 28,
} as const;

export type UPNPResult = (typeof UPNPResult)[keyof typeof UPNPResult];
