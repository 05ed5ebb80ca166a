import type { DescriptionQueue } from '../client/description-queue.ts';
import type { DescribeError } from '../client/fetch-description.ts';
import { localAddressOf } from '../client/internal-client.ts';
import { bestOf, probeDevice } from '../client/select-gateway.ts';
import type { CallOptions } from '../call-options.ts';
import { servicesOf, type Device } from '../description/device-tree.ts';
import type { Transport } from '../ports.ts';
import { IGDStatus } from './igd-status.ts';
import type { UPNPDevice } from './upnp-device.ts';

/** Takes the description of a device, asks the device for its state, and fills in what is known then. */
export async function loadDevice(
  transport: Transport,
  device: UPNPDevice,
  fetching: ReturnType<DescriptionQueue>,
  options: CallOptions,
): Promise<IGDStatus> {
  const fetched = await fetching;
  if (fetched.isErr()) return statusOfError(fetched.error);
  const { description } = fetched.value;

  const { candidates } = await probeDevice(transport, fetched.value, options);
  // One that did not answer just now may do so later.
  const chosen = bestOf(candidates) ?? candidates[0];
  if (chosen === undefined) return withoutConnection(description.device);
  const { connection } = chosen.gateway.services;
  device.igdControlUrl = connection.controlUrl;
  device.igdServiceType = connection.serviceType;
  device.igdOurAddr = (await localAddressOf(chosen.gateway)) ?? '';
  return chosen.rank === 0 ? IGDStatus.OK : IGDStatus.DISCONNECTED;
}

function statusOfError(error: DescribeError): IGDStatus {
  if (error.kind !== 'malformed') return IGDStatus.HTTP_ERROR;
  return error.code === 'empty' ? IGDStatus.HTTP_EMPTY : IGDStatus.UNKNOWN_DEVICE;
}

function withoutConnection(device: Device): IGDStatus {
  if (servicesOf(device).some(({ service }) => /:WAN(IP|PPP)Connection:/.test(service.serviceType))) {
    return IGDStatus.INVALID_CONTROL;
  }
  return /:InternetGatewayDevice:/.test(device.deviceType ?? '') ? IGDStatus.NO_IGD : IGDStatus.UNKNOWN_DEVICE;
}
