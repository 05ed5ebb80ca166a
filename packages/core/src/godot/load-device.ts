import { fetchDocument } from '../client/fetch-document.ts';
import { localAddressOf } from '../client/internal-client.ts';
import { createQueue } from '../client/queue.ts';
import { bestOf, probeDevice } from '../client/select-gateway.ts';
import type { CallOptions } from '../call-options.ts';
import { decodeDeviceDescription } from '../description/device-description.ts';
import { servicesOf, type Device } from '../description/device-tree.ts';
import type { Transport } from '../ports.ts';
import { IGDStatus } from './igd-status.ts';
import type { UPNPDevice } from './upnp-device.ts';

/** Fetches the description of a device, asks the device for its state, and fills in what is known then. */
export async function loadDevice(transport: Transport, device: UPNPDevice, options: CallOptions): Promise<IGDStatus> {
  const queue = createQueue();
  const document = await fetchDocument(transport, device.descriptionUrl, options, queue);
  if (document.isErr()) return IGDStatus.HTTP_ERROR;
  const { url, body, localAddress } = document.value;
  if (body.length === 0) return IGDStatus.HTTP_EMPTY;
  const decoded = decodeDeviceDescription(body, url);
  if (decoded.isErr()) return IGDStatus.UNKNOWN_DEVICE;
  const description = decoded.value;

  const { candidates } = await probeDevice(transport, { description, localAddress, queue }, options);
  // One that did not answer just now may do so later.
  const chosen = bestOf(candidates) ?? candidates[0];
  if (chosen === undefined) return withoutConnection(description.device);
  const { connection } = chosen.gateway.services;
  device.igdControlUrl = connection.controlUrl;
  device.igdServiceType = connection.serviceType;
  device.igdOurAddr = (await localAddressOf(chosen.gateway)) ?? '';
  return chosen.rank === 0 ? IGDStatus.OK : IGDStatus.DISCONNECTED;
}

function withoutConnection(device: Device): IGDStatus {
  if (servicesOf(device).some(({ service }) => /:WAN(IP|PPP)Connection:/.test(service.serviceType))) {
    return IGDStatus.INVALID_CONTROL;
  }
  return /:InternetGatewayDevice:/.test(device.deviceType ?? '') ? IGDStatus.NO_IGD : IGDStatus.UNKNOWN_DEVICE;
}
