/** Gateways without UPnP: found by their servers on UDP port 5351. */
import type { Transport, TransportError } from '@portwright/core';
import { err, ok, type Result } from '@portwright/core/result';
import type { Caller } from '../bench/caller.ts';
import { type Subject, subjectWithoutUpnp } from '../bench/subject.ts';
import { addressTowards, featuresOf, findPortControl } from './find-port-control.ts';
import type { Found } from './found.ts';
import { neighboursOf, noAddressNear } from './neighbours.ts';

/** Where a search finds no gateway: the default router, which may have UPnP switched off. Null: no server answers there. */
export async function findDefaultRouter(
  { interfaces, ...ports }: Transport,
  interfaceName: string | undefined,
): Promise<Found | null> {
  const routers = (await interfaces.defaultRouters?.())?.unwrapOr([]) ?? [];
  for (const { name, address } of routers) {
    if (interfaceName !== undefined && name !== interfaceName) continue;
    const found = await findServers({ interfaces, ...ports }, address);
    if (found.isOk()) return found.value;
  }
  return null;
}

/** A gateway that is asked by PCP and NAT-PMP alone. Errors: no server answers at this address. */
export async function findServers(transport: Transport, address: string): Promise<Result<Found, TransportError>> {
  const own = (await addressTowards(transport, address)) ?? (await neighboursOf(transport, address))[0];
  if (own === undefined) return err(noAddressNear(address));
  const self = { transport, address: own };
  const portControl = await findPortControl(self, address);
  const features = featuresOf(portControl);
  const host = address.includes(':') ? `[${address}]` : address;
  return features.length === 0
    ? err(noServer(address))
    : ok({ subject: subjectWithoutUpnp(host, features), self, connection: null, portControl });
}

/** The second client: the one that was given, or this host by another address of the same subnet. */
export async function secondWithoutUpnp(
  { host }: Subject,
  self: Caller,
  given: Transport | undefined,
): Promise<Caller | null> {
  const transport = given ?? self.transport;
  const others = (await neighboursOf(transport, host)).filter((address) => address !== self.address);
  return others[0] === undefined ? null : { transport, address: others[0] };
}

function noServer(address: string): TransportError {
  return {
    kind: 'transport',
    code: 'timeout',
    message: `no PCP or NAT-PMP server answered on UDP port 5351 of ${address}`,
    hint: 'Turn on PCP or NAT-PMP in the settings of the router, or leave the address out to search for the gateway.',
  };
}
