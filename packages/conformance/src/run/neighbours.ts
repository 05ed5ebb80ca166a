import type { InterfaceAddress, Transport, TransportError } from '@portwright/core';

/** This host's IPv4 addresses on the subnet of another. */
export async function neighboursOf(transport: Transport, host: string): Promise<readonly string[]> {
  const interfaces = (await transport.interfaces.list()).unwrapOr<readonly InterfaceAddress[]>([]);
  const isNear = ({ family, address, prefixLength }: InterfaceAddress): boolean =>
    family === 'ipv4' && host.includes('.') && bitsOf(address, prefixLength) === bitsOf(host, prefixLength);
  return interfaces.filter(isNear).map(({ address }) => address);
}

function bitsOf(address: string, length: number): string {
  const bits = address.split('.').map((part) => Number(part).toString(2).padStart(8, '0'));
  return bits.join('').slice(0, length);
}

export function noAddressNear(host: string): TransportError {
  return {
    kind: 'transport',
    code: 'no-such-interface',
    message: `this host has no address in the network of ${host}`,
  };
}
