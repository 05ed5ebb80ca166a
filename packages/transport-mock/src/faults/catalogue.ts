import { DESCRIPTION_FAULTS, type DescriptionFaultName } from './description-faults.ts';
import type { FaultDefinition } from './fault.ts';
import { GATEWAY_FAULTS, type GatewayFaultName } from './gateway-faults.ts';
import { HTTP_FAULTS, type HttpFaultName } from './http-faults.ts';
import { MAPPING_FAULTS, type MappingFaultName } from './mapping-faults.ts';
import { SOAP_FAULTS, type SoapFaultName } from './soap-faults.ts';
import { SSDP_FAULTS, type SsdpFaultName } from './ssdp-faults.ts';
import { VALUE_FAULTS, type ValueFaultName } from './value-faults.ts';
import { WIRE_FAULTS, type WireFaultName } from './wire-faults.ts';

export type FaultName =
  | SsdpFaultName
  | WireFaultName
  | HttpFaultName
  | SoapFaultName
  | DescriptionFaultName
  | GatewayFaultName
  | MappingFaultName
  | ValueFaultName;

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
