import { err, ok, safeTry, type Result, type ResultAsync } from 'neverthrow';
import { discover, type DiscoverOptions } from '../client/discover.ts';
import type { Gateway } from '../client/gateway.ts';
import type { SearchError } from '../client/search.ts';
import { bestOf, chooseGateway, inspectDevice, type Inspection } from '../client/select-gateway.ts';
import type { NoGatewayError, RejectedCandidate } from '../errors.ts';
import type { Transport } from '../ports.ts';
import { mapPort, type MapPortError, type MapPortOptions, type MappedPort } from './map-port.ts';

/** What happened on one of several gateways. */
export interface MappingOnGateway {
  readonly gateway: Gateway;
  readonly result: Result<MappedPort, MapPortError>;
}

export interface MappedOnAll {
  /** One for each gateway that can map ports, in the order of their answers. */
  readonly gateways: readonly MappingOnGateway[];
  readonly turnedDown: readonly RejectedCandidate[];
}

/**
 * Maps a port on every gateway of the network: where two lines lead out, nobody knows by which one the peers will come.
 *
 * A gateway that answers over IPv4 and over IPv6, or on two interfaces, counts once.
 *
 * @returns an error where there is no gateway; what each of them said is in its result
 */
export function mapOnAll(
  transport: Transport,
  options: MapPortOptions & DiscoverOptions,
): ResultAsync<MappedOnAll, SearchError | NoGatewayError> {
  return safeTry<MappedOnAll, SearchError | NoGatewayError>(async function* () {
    const { devices, turnedDown, report } = yield* discover(transport, options);
    // An IPv4 mapping is best asked for over IPv4: the internal client is known from the connection.
    const ordered = devices.toSorted(
      (one, other) => Number(one.location.includes('[')) - Number(other.location.includes('[')),
    );
    const distinct = new Map(
      ordered.toReversed().map((device) => [device.description.device.udn ?? device.location, device]),
    );
    const inspections: Inspection[] = [];
    for (const device of ordered) {
      if ([...distinct.values()].includes(device)) inspections.push(await inspectDevice(transport, device, options));
    }
    const gateways: MappingOnGateway[] = [];
    for (const { candidates } of inspections) {
      const best = bestOf(candidates);
      if (best !== undefined) gateways.push({ gateway: best.gateway, result: await mapPort(best.gateway, options) });
    }
    const rejected = [...turnedDown, ...inspections.flatMap((inspection) => inspection.turnedDown)];
    if (gateways.length > 0) return ok({ gateways, turnedDown: rejected });
    const candidates = inspections.flatMap((inspection) => inspection.candidates);
    return chooseGateway({ candidates, turnedDown: rejected }, report.received).match(
      () => ok({ gateways, turnedDown: rejected }),
      (error) => err(error),
    );
  });
}
