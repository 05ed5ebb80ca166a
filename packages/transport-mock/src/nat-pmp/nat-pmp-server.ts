/** A NAT-PMP server (RFC 6886, 3): what it answers to one datagram. */
import type { RandomPort } from '@portwright/core';
import type { Gateway } from '../gateway/gateway.ts';
import { isRefusedAddress } from '../gateway/external-address.ts';
import { freePort } from '../gateway/free-port.ts';
import type { Mapping } from '../gateway/mapping-table.ts';
import {
  type Denial,
  denialOf,
  grantedSeconds,
  type InternalEndpoint,
  mappingOf,
  portFor,
} from '../port-control/grant.ts';
import type { PortControlAnswer } from '../port-control/port-control-answer.ts';
import {
  NAT_PMP_RESULT,
  type NatPmpMapping,
  readNatPmpRequest,
  writeExternalAddress,
  writeNatPmpHead,
  writeNatPmpMapping,
} from './nat-pmp-message.ts';

const DENIALS: Readonly<Record<Denial, number>> = {
  forbidden: NAT_PMP_RESULT.notAuthorized,
  full: NAT_PMP_RESULT.outOfResources,
  'no-address': NAT_PMP_RESULT.networkFailure,
  'private-address': NAT_PMP_RESULT.networkFailure,
};

/** @returns null: nothing is sent back */
export function answerNatPmp(
  gateway: Gateway,
  bytes: Uint8Array,
  client: string,
  random: RandomPort,
): PortControlAnswer | null {
  const request = readNatPmpRequest(bytes);
  if (request === null) return null;
  const { epochSeconds } = gateway.portControl;
  if (request.kind === 'unknown') {
    return { payload: writeNatPmpHead(request.opcode, NAT_PMP_RESULT.unsupportedOpcode, epochSeconds) };
  }
  const { natPmp } = gateway.config;
  if (request.kind === 'external-address') {
    return {
      payload: natPmp.isRefused
        ? writeExternalAddress(NAT_PMP_RESULT.notAuthorized, epochSeconds, '')
        : natPmpAnnouncement(gateway),
    };
  }
  const inside = { client, protocol: request.protocol, port: request.internalPort };
  const { result, externalPort, lifetimeSeconds, delayMs } = natPmp.isRefused
    ? denied('forbidden')
    : carryOut(gateway, inside, request, random);
  const internalPort = natPmp.answeredInternalPort ?? request.internalPort;
  const mapping = { protocol: request.protocol, internalPort, externalPort, lifetimeSeconds };
  return { payload: writeNatPmpMapping(result, epochSeconds, mapping), delayMs };
}

/** A version that this server does not know (3.5): 8 bytes, by which PCP's clients recognise NAT-PMP. */
export function refuseNatPmpVersion({ portControl }: Gateway, bytes: Uint8Array): PortControlAnswer | null {
  const [, opcode = 128] = bytes;
  if (opcode >= 128) return null;
  return { payload: writeNatPmpHead(opcode, NAT_PMP_RESULT.unsupportedVersion, portControl.epochSeconds) };
}

/** The answer to the question for the address, and what is multicast when it has changed (3.2.1). */
export function natPmpAnnouncement({ config, connection, portControl }: Gateway): Uint8Array {
  const { externalAddress } = connection;
  const isUnusable = externalAddress === '' || isRefusedAddress(config, externalAddress);
  return isUnusable
    ? writeExternalAddress(NAT_PMP_RESULT.networkFailure, portControl.epochSeconds, '')
    : writeExternalAddress(NAT_PMP_RESULT.success, portControl.epochSeconds, externalAddress);
}

interface Outcome {
  readonly result: number;
  readonly externalPort: number;
  readonly lifetimeSeconds: number;
  readonly delayMs: number;
}

function denied(denial: Denial, delayMs = 0): Outcome {
  return { result: DENIALS[denial], externalPort: 0, lifetimeSeconds: 0, delayMs };
}

function carryOut(gateway: Gateway, inside: InternalEndpoint, request: NatPmpMapping, random: RandomPort): Outcome {
  const { config, connection } = gateway;
  const { mapsInternalPortZero, forbiddenDelayMs } = config.natPmp;
  if (request.lifetimeSeconds === 0) return unmap(gateway, inside);
  const port = request.internalPort;
  if (port === 0 && !mapsInternalPortZero) return denied('forbidden');
  const denial = denialOf(gateway, Math.max(1, port));
  if (denial !== null) return denied(denial, denial === 'forbidden' ? forbiddenDelayMs : 0);
  const existing = port === 0 ? mappingOfClient(gateway, inside) : mappingOf(gateway, inside, request.externalPort);
  const externalPort = existing?.externalPort ?? newPort(gateway, inside, request.externalPort, random);
  if (externalPort === null) return denied('full');
  const lifetimeSeconds = grantedSeconds(config.natPmp.lifetimeSeconds, request.lifetimeSeconds);
  connection.mappings.put({
    remoteHost: '',
    externalPort,
    protocol: request.protocol,
    internalPort: port === 0 ? externalPort : port,
    internalClient: inside.client,
    isEnabled: true,
    // As miniupnpd.
    description: `NAT-PMP ${externalPort} ${request.protocol.toLowerCase()}`,
    expiresAt: gateway.now() + lifetimeSeconds * 1000,
    via: 'nat-pmp',
  });
  return { result: NAT_PMP_RESULT.success, externalPort, lifetimeSeconds, delayMs: 0 };
}

/** Of a client that has not said which of its ports it means. */
function mappingOfClient({ connection }: Gateway, { client, protocol }: InternalEndpoint): Mapping | undefined {
  return connection.mappings
    .all()
    .find((mapping) => mapping.internalClient === client && mapping.protocol === protocol && mapping.via === 'nat-pmp');
}

/** A server that chooses gives a client one port for all that it asks for. */
function newPort(gateway: Gateway, inside: InternalEndpoint, suggested: number, random: RandomPort): number | null {
  const { config, connection } = gateway;
  if (!config.natPmp.choosesPort) return portFor(gateway, inside, suggested);
  const own = connection.mappings.all().find(({ internalClient }) => internalClient === inside.client);
  const chosen = own?.externalPort ?? 32_768 + Math.floor(random.fraction() * 32_768);
  return freePort(connection.mappings, config, inside.protocol, chosen);
}

/** 3.4: a success, whether there was one or not, and port 0 stands for all of a protocol. What UPnP has made stays. */
function unmap({ connection, config }: Gateway, { client, protocol, port }: InternalEndpoint): Outcome {
  const isOfBoth = port === 0 && config.natPmp.deletesAllOfBoth;
  connection.mappings.remove(
    connection.mappings
      .all()
      .filter(
        (mapping) =>
          mapping.internalClient === client &&
          (mapping.protocol === protocol || isOfBoth) &&
          (port === 0 || mapping.internalPort === port) &&
          mapping.via === 'nat-pmp',
      ),
  );
  return { result: NAT_PMP_RESULT.success, externalPort: 0, lifetimeSeconds: 0, delayMs: 0 };
}
