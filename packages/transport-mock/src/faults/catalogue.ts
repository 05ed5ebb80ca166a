import { DESCRIPTION_FAULTS } from './description-faults.ts';
import type { FaultDefinition } from './fault.ts';
import { GATEWAY_FAULTS } from './gateway-faults.ts';
import { HTTP_FAULTS } from './http-faults.ts';
import { MAPPING_FAULTS } from './mapping-faults.ts';
import { SOAP_FAULTS } from './soap-faults.ts';
import { SSDP_FAULTS } from './ssdp-faults.ts';
import { VALUE_FAULTS } from './value-faults.ts';
import { WIRE_FAULTS } from './wire-faults.ts';

export type FaultName =
  | keyof typeof SSDP_FAULTS
  | keyof typeof WIRE_FAULTS
  | keyof typeof HTTP_FAULTS
  | keyof typeof SOAP_FAULTS
  | keyof typeof DESCRIPTION_FAULTS
  | keyof typeof GATEWAY_FAULTS
  | keyof typeof MAPPING_FAULTS
  | keyof typeof VALUE_FAULTS;

/** Every fault, by its name. */
export const FAULTS: Readonly<Record<FaultName, FaultDefinition>> = {
  ...SSDP_FAULTS,
  ...WIRE_FAULTS,
  ...HTTP_FAULTS,
  ...SOAP_FAULTS,
  ...DESCRIPTION_FAULTS,
  ...GATEWAY_FAULTS,
  ...MAPPING_FAULTS,
  ...VALUE_FAULTS,
};
