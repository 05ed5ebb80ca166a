/**
 * How the test that keeps a port for a day (docs/mapping.md) meets a router, where it differs from the usual. A persona or
 * a fault states it, so that its peculiarity shows.
 */
export interface TestSetup {
  /** What is requested besides UDP port 7777. */
  readonly request?:
    | {
        readonly description?: string | undefined;
        readonly internalPort?: number | undefined;
        readonly leaseSeconds?: number | undefined;
      }
    | undefined;
  /** External ports that another host has mapped. Default: none. */
  readonly occupied?: readonly number[] | undefined;
}

/** So many ports from 2001 on. */
export function portsFrom2001(count: number): readonly number[] {
  return Array.from({ length: count }, (_, index) => 2001 + index);
}
