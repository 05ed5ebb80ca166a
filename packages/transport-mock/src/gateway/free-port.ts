import { type GatewayConfig, isPortIn } from './gateway-options.ts';
import type { MappingProtocol, MappingTable } from './mapping-table.ts';

/** The next external port from this one on, round to those below it, that nobody has and this gateway allows. */
export function freePort(
  mappings: MappingTable,
  config: Pick<GatewayConfig, 'allowedExternalPorts' | 'reservedPorts'>,
  protocol: MappingProtocol,
  wanted: number,
): number | null {
  for (let step = 0; step < 65_535; step += 1) {
    const port = ((wanted + 65_534 + step) % 65_535) + 1;
    if (isFreePort(mappings, config, protocol, port)) return port;
  }
  return null;
}

export function isFreePort(
  mappings: MappingTable,
  { allowedExternalPorts, reservedPorts }: Pick<GatewayConfig, 'allowedExternalPorts' | 'reservedPorts'>,
  protocol: MappingProtocol,
  port: number,
): boolean {
  return (
    isPortIn(allowedExternalPorts, port) &&
    mappings.ofPort(port, protocol).length === 0 &&
    !reservedPorts.includes(port)
  );
}
