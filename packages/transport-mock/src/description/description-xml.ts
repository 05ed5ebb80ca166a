import type { GatewayConfig } from '../gateway/gateway-options.ts';
import { element, textElement } from '../xml/xml-writer.ts';
import type { DeviceNode, ServiceInstance } from './device-tree.ts';

/** UDA 1.0, 2.1 (1.1, 2.3): the device description. URLs are relative, to the URL it was fetched from. */
export function writeDescription(config: GatewayConfig, root: DeviceNode): string {
  const isUda11 = config.igdVersion === 2;
  return (
    '<?xml version="1.0"?>\r\n' +
    `<root xmlns="urn:schemas-upnp-org:device-1-0"${isUda11 ? ` configId="${config.configId}"` : ''}>` +
    `<specVersion><major>1</major><minor>${isUda11 ? 1 : 0}</minor></specVersion>` +
    writeDevice(config, root) +
    '</root>\r\n'
  );
}

function writeDevice(config: GatewayConfig, device: DeviceNode): string {
  return element(
    'device',
    textElement('deviceType', device.deviceType),
    textElement('friendlyName', device.friendlyName),
    textElement('manufacturer', config.manufacturer),
    textElement('modelDescription', config.modelName),
    textElement('modelName', config.modelName),
    textElement('modelNumber', config.modelNumber),
    textElement('serialNumber', config.serialNumber),
    textElement('UDN', device.udn),
    device.services.length === 0 ? '' : element('serviceList', ...device.services.map(writeService)),
    device.devices.length === 0
      ? ''
      : element('deviceList', ...device.devices.map((embedded) => writeDevice(config, embedded))),
  );
}

function writeService(service: ServiceInstance): string {
  return element(
    'service',
    textElement('serviceType', service.serviceType),
    textElement('serviceId', service.serviceId),
    textElement('SCPDURL', service.scpdPath),
    textElement('controlURL', service.controlPath),
    textElement('eventSubURL', service.eventPath),
  );
}
