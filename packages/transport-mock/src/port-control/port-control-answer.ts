/** What a server on UDP port 5351 sends back. */
export interface PortControlAnswer {
  readonly payload: Uint8Array;
  /** Milliseconds that the request takes, in which no other is looked at. Default: 0. */
  readonly delayMs?: number;
}
