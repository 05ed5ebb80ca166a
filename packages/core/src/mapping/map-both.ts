import { err, ok, safeTry, type ResultAsync } from 'neverthrow';
import type { Gateway } from '../client/gateway.ts';
import { mapPort, type MapPortError, type MapPortOptions, type MappedPort, type NotMappedError } from './map-port.ts';
import { ladder, MAX_ATTEMPTS, type MappingPolicy } from './policy.ts';
import { removeMapping } from './standing.ts';

/** The same external port for both protocols. */
export interface MappedBoth {
  readonly tcp: MappedPort;
  readonly udp: MappedPort;
}

/**
 * Maps TCP and UDP on the same external port, or neither: what one of them got is given back where the other can't have
 * it. With `any`, other ports are tried; all in all there are at most six attempts.
 */
export function mapBoth(
  gateway: Gateway,
  options: Omit<MapPortOptions, 'protocol'>,
): ResultAsync<MappedBoth, MapPortError> {
  return safeTry<MappedBoth, MapPortError>(async function* () {
    const { port = 'exact', policy = ladder, internalPort = options.externalPort } = options;
    const { random } = gateway.transport;
    let used = 0;
    const within: MappingPolicy = (demand, failed) =>
      used + failed.length >= MAX_ATTEMPTS ? null : policy(demand, failed);
    for (let { externalPort } = options; ; externalPort = 1024 + Math.floor(random.fraction() * 64_512)) {
      const both = { ...options, externalPort, internalPort, policy: within };
      const tcp = yield* await mapPort(gateway, { ...both, protocol: 'TCP', askState: false });
      used += tcp.attempts.length + 1;
      const same = { externalPort: tcp.granted.externalPort, port: 'exact' } as const;
      const udp = await mapPort(tcp.gateway, { ...both, ...same, protocol: 'UDP' });
      if (udp.isOk()) return ok({ tcp, udp: udp.value });
      const { error } = udp;
      used += error.kind === 'not-mapped' ? error.attempts.length : MAX_ATTEMPTS;
      const removed = await removeMapping(tcp.gateway, tcp.granted, {});
      if (removed.isErr() && error.kind === 'not-mapped') {
        const message = `${error.message}; TCP port ${externalPort} stays mapped: ${removed.error.message}`;
        const left: NotMappedError = { ...error, code: 'left-behind', message };
        return err(left);
      }
      if (port === 'exact' || used >= MAX_ATTEMPTS) return err(error);
    }
  });
}
