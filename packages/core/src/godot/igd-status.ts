/**
 * What became of a device that answered a search, as an Internet Gateway Device.
 *
 * Godot gives every device of a search the state of the best gateway among them; here each device speaks for itself.
 *
 * @see Godot's class reference, UPNPDevice.IGDStatus (there with the prefix `IGD_STATUS_`)
 */
export const IGDStatus = {
  /** Connected to the Internet: a valid gateway. */
  OK: 0,
  /** Its description could not be fetched. */
  HTTP_ERROR: 1,
  /** Its description has no bytes. */
  HTTP_EMPTY: 2,
  /** Never given: Godot has it for a failed allocation. A gateway without a control URL is INVALID_CONTROL. */
  NO_URLS: 3,
  /** It calls itself a gateway and has neither a WANIPConnection nor a WANPPPConnection. */
  NO_IGD: 4,
  /**
   * A gateway that says it is not connected or does not say so, or whose external address is none of the Internet's: a
   * second router stands before it. It is asked for mappings all the same, as many such routers do grant them.
   */
  DISCONNECTED: 5,
  /** Another kind of device, or a description that can't be read. */
  UNKNOWN_DEVICE: 6,
  /** It has no control URL for its connection, or one on another host. */
  INVALID_CONTROL: 7,
  /** Never given. */
  MALLOC_ERROR: 8,
  /** Nothing is known: the status of a new device. */
  UNKNOWN_ERROR: 9,
} as const;

export type IGDStatus = (typeof IGDStatus)[keyof typeof IGDStatus];
