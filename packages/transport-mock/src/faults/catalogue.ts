import type { FaultDefinition } from './fault.ts';
import { SSDP_FAULTS } from './ssdp-faults.ts';
import { WIRE_FAULTS } from './wire-faults.ts';

/** Every fault, by its name. */
export const FAULTS = {
  ...SSDP_FAULTS,
  ...WIRE_FAULTS,
} as const satisfies Readonly<Record<string, FaultDefinition>>;

export type FaultName = keyof typeof FAULTS;
