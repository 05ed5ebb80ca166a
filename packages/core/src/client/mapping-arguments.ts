/** A port mapping as the arguments of an IGD action, and back. */
import { err, ok, type Result } from '../result.ts';
import { classifyAddress } from '../addresses/address-class.ts';
import { parseIpAddress, sameAddress } from '../addresses/ip-address.ts';
import type { InvalidArgumentError } from '../errors.ts';
import { invalidArgument } from '../invalid-argument.ts';
import type { ActionInput, ActionOutput } from '../igd/declaration.ts';
import type { WanIpConnection } from '../igd/wan-ip-connection.ts';
import {
  checkPort,
  checkProtocol,
  DEFAULT_DESCRIPTION,
  type CheckedKey,
  type MappingKey,
  type PortMapping,
  type WantedMapping,
} from '../port-mapping.ts';

/** The arguments that name a mapping, in every action that takes one. */
export function keyInput({ externalPort, protocol, remoteHost = '' }: CheckedKey): KeyInput {
  return { NewRemoteHost: orAny(remoteHost), NewExternalPort: externalPort, NewProtocol: protocol };
}

/** 0.0.0.0 stands for any remote host (an Askey lists it), and so does an empty text (WANIPConnection:1, 2.2.17). */
function orAny(remoteHost: string): string {
  return sameAddress(remoteHost, '0.0.0.0') ? '' : remoteHost;
}

type KeyInput = ActionInput<WanIpConnection, 'DeletePortMapping'>;

/** The arguments of AddPortMapping, and of AddAnyPortMapping. */
export function mappingInput(wanted: WantedMapping): ActionInput<WanIpConnection, 'AddPortMapping'> {
  return {
    ...keyInput(wanted),
    NewInternalPort: wanted.internalPort,
    NewInternalClient: wanted.internalClient,
    NewEnabled: true,
    NewPortMappingDescription: wanted.description?.trim() ? wanted.description : DEFAULT_DESCRIPTION,
    NewLeaseDuration: wanted.leaseSeconds,
  };
}

/** The mapping of an entry, as it stands in a listing and in a request alike. */
export function toPortMapping(entry: ActionOutput<WanIpConnection, 'GetGenericPortMappingEntry'>): PortMapping {
  return {
    externalPort: entry.NewExternalPort,
    protocol: entry.NewProtocol,
    remoteHost: orAny(entry.NewRemoteHost ?? ''),
    internalClient: entry.NewInternalClient,
    internalPort: entry.NewInternalPort,
    enabled: entry.NewEnabled,
    description: entry.NewPortMappingDescription,
    leaseSeconds: entry.NewLeaseDuration,
  };
}

/** Checks a key before it is sent. */
export function checkMappingKey<Key extends MappingKey>(key: Key): Result<Key & CheckedKey, InvalidArgumentError> {
  const { externalPort, remoteHost } = key;
  if (remoteHost && !isIpv4(remoteHost)) {
    return err(invalidArgument('not-an-address', 'remoteHost', 'an IPv4 address or empty', remoteHost));
  }
  return checkProtocol(key.protocol).andThen((protocol) =>
    checkPort('externalPort', externalPort).map(() => ({ ...key, protocol })),
  );
}

/**
 * The address that a mapping leads to: one host's IPv4 address. A router would take a loopback address for itself; one
 * that runs on this host, and is spoken to over loopback, is where it belongs.
 */
export function checkInternalClient(address: string, mayBeLoopback = false): Result<string, InvalidArgumentError> {
  const unusable = ['unspecified', 'multicast', mayBeLoopback ? '' : 'loopback'];
  const usable = isIpv4(address) && !unusable.includes(classifyAddress(address));
  const expected = 'the IPv4 address of a host';
  return usable ? ok(address) : err(invalidArgument('not-an-address', 'internalClient', expected, address));
}

function isIpv4(address: string): boolean {
  return parseIpAddress(address) !== null && !address.includes(':');
}
