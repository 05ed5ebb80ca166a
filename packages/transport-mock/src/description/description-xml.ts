import type { GatewayConfig } from '../gateway/gateway-options.ts';
import { escapeXml } from '../xml/xml-writer.ts';
import { expandUrl } from './description-url.ts';
import type { DeviceNode, ServiceInstance } from '../gateway/model.ts';

/** UDA 1.0, 2.1 (1.1, 2.3): the device description. URLs are relative, to the URL it was fetched from or to URLBase. */
export function writeDescription(config: GatewayConfig, root: DeviceNode): string {
  const { specVersion, urlBase, urlBasePlace, xmlDeclaration, trailing } = config.description;
  const isUda11 = specVersion === '1.1';
  const base = urlBase === null ? '' : text('URLBase', expandUrl(urlBase, config));
  return (
    xmlDeclaration +
    element(
      config,
      'root',
      ` xmlns="urn:schemas-upnp-org:device-1-0"${isUda11 ? ` configId="${config.configId}"` : ''}`,
      element(config, 'specVersion', '', text('major', '1'), text('minor', isUda11 ? '1' : '0')),
      urlBasePlace === 'before-device' ? base : '',
      writeDevice(config, root, ' '.repeat(config.description.tagPadding)),
      urlBasePlace === 'after-device' ? base : '',
    ) +
    trailing
  );
}

/** UDA 1.0, 2.1: the order of a device's texts before its lists. */
const TEXTS = [
  'deviceType',
  'friendlyName',
  'manufacturer',
  'manufacturerURL',
  'modelDescription',
  'modelName',
  'modelNumber',
  'modelURL',
  'serialNumber',
  'UDN',
  'UPC',
];

function writeDevice(config: GatewayConfig, device: DeviceNode, padding: string): string {
  const values: Readonly<Record<string, string | null>> = {
    deviceType: device.deviceType,
    friendlyName: device.friendlyName,
    manufacturer: config.manufacturer,
    modelDescription: config.modelName,
    modelName: config.modelName,
    modelNumber: config.modelNumber,
    serialNumber: config.serialNumber,
    UDN: device.udn,
    ...device.texts,
  };
  const write = (name: string): string => {
    const value = values[name];
    if (value === null || value === undefined) return '';
    const isUrl = name.endsWith('URL');
    return text(
      name,
      isUrl ? expandUrl(value, config) : value,
      /^(?:friendly|manufacturer|model)/.test(name) ? padding : '',
    );
  };
  const services = device.services.map((service) => writeService(config, service));
  const devices = device.devices.map((inner) => writeDevice(config, inner, ''));
  return element(
    config,
    'device',
    '',
    device.foreign,
    ...TEXTS.map(write),
    services.length === 0 ? '' : element(config, 'serviceList', '', ...services),
    devices.length === 0 ? '' : element(config, 'deviceList', '', ...devices),
    write('presentationURL'),
  );
}

function writeService(config: GatewayConfig, service: ServiceInstance): string {
  return element(
    config,
    'service',
    '',
    text('serviceType', service.serviceType),
    text('serviceId', service.serviceId),
    text('SCPDURL', service.scpdUrl),
    text('controlURL', service.controlUrl),
    text('eventSubURL', service.eventUrl),
  );
}

function text(name: string, value: string, padding = ''): string {
  return `<${name}${padding}>${escapeXml(value)}</${name}>`;
}

/** An element round others, each on a line of its own where the gateway has lines. */
function element(
  { description: { lineEnd } }: GatewayConfig,
  name: string,
  attributes: string,
  ...content: readonly string[]
): string {
  const lines = content.filter((line) => line !== '').map((line) => line + lineEnd);
  return `<${name}${attributes}>${lineEnd}${lines.join('')}</${name}>`;
}
