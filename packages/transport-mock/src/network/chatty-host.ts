import { mustBeOptions } from '../misuse.ts';
import type { Endpoint, HttpRequest } from '@portwright/core';
import { readHttpUrl } from '../http/http-url.ts';
import { plainReply, xmlReply } from '../http/http-reply.ts';
import { advertisedBy, type AdvertisedDevice, matching } from '../ssdp/advertised.ts';
import { readSearch, SSDP_PORT, writeMessage } from '../ssdp/ssdp-message.ts';
import { type Complete, withDefaults } from '../with-defaults.ts';
import { element, textElement } from '../xml/xml-writer.ts';
import type { AnyMemoryNetwork } from './memory-network.ts';
import { type DatagramOutcome, type HttpOutcome, type NetworkHost, REFUSED } from './network-host.ts';

export interface ChattyHostOptions {
  /** Default: 192.168.1.20. */
  readonly address?: string | undefined;
  /** The TCP port of its description. Default: 8060. */
  readonly httpPort?: number | undefined;
  /** Default: Living room. */
  readonly friendlyName?: string | undefined;
  /** Default: a UUID that ends in its number 20. */
  readonly uuid?: string | undefined;
  /** Answers every search, whatever it is for, in the name of what was searched. Default: false. */
  readonly answersEverything?: boolean | undefined;
  /** How often it sends each answer and announcement. Default: 3. */
  readonly repeats?: number | undefined;
}

/** A device that is no gateway, and talks all the time. */
export interface ChattyHost extends NetworkHost {
  /** Multicasts all that it is, as often as it does everything. */
  announce(network: AnyMemoryNetwork): void;
}

const GROUP = '239.255.255.250';
const SERVER = 'Linux/4.4 UPnP/1.0 Television/1.0';

/**
 * A television: MediaRenderer:1 with its three services, and a DIAL service. A search for `ssdp:all` or
 * `upnp:rootdevice` finds it beside the gateways; its description has none.
 *
 * @example
 * ```ts
 * const television = chattyHost();
 * router.network.attach(television);
 * television.announce(router.network);
 * ```
 */
export function chattyHost(options: ChattyHostOptions = {}): ChattyHost {
  mustBeOptions(options);
  const config = completeChattyOptions(options);
  const { address, httpPort, answersEverything, repeats } = config;
  const from = { address, port: SSDP_PORT };
  const advertised = advertisedBy(deviceOf(config));
  const headersFor = (
    target: string,
    usn: string,
    targetHeader: 'ST' | 'NT',
  ): readonly (readonly [string, string])[] => [
    ['CACHE-CONTROL', 'max-age=1800'],
    ['LOCATION', `http://${address}:${httpPort}/description.xml`],
    ['SERVER', SERVER],
    [targetHeader, target],
    ['USN', usn],
  ];
  const repeated = (payloads: readonly Uint8Array[]): readonly Uint8Array[] =>
    Array.from({ length: repeats }, () => payloads).flat();
  return {
    addresses: [address],
    http: (port, request) => (port === httpPort ? serve(config, request) : REFUSED),
    datagram: (payload: Uint8Array, to: Endpoint): DatagramOutcome => {
      if (to.port !== SSDP_PORT) return 'refused';
      const search = readSearch(payload);
      if (search === null) return [];
      const { target } = search;
      const found = matching(advertised, target);
      const answers =
        found.length === 0 && answersEverything ? [{ target, usn: `uuid:${config.uuid}::${target}` }] : found;
      return repeated(
        answers.map(({ target: name, usn }) =>
          writeMessage('HTTP/1.1 200 OK', [...headersFor(name, usn, 'ST'), ['EXT', '']]),
        ),
      ).map((answer) => ({ payload: answer, from, delayMs: 0 }));
    },
    announce: (network) => {
      const messages = advertised.map(({ target, usn }) =>
        writeMessage('NOTIFY * HTTP/1.1', [
          ['HOST', `${GROUP}:1900`],
          ['NTS', 'ssdp:alive'],
          ...headersFor(target, usn, 'NT'),
        ]),
      );
      for (const message of repeated(messages)) network.multicast(message, from, GROUP);
    },
  };
}

function completeChattyOptions(options: ChattyHostOptions): Complete<ChattyHostOptions> {
  return withDefaults(options, {
    address: '192.168.1.20',
    httpPort: 8060,
    friendlyName: 'Living room',
    uuid: '2b7c6d1e-9f80-4a3b-8c5d-000000000020',
    answersEverything: false,
    repeats: 3,
  });
}

const SERVICES = [
  ['urn:schemas-upnp-org:service:RenderingControl:1', 'RenderingControl'],
  ['urn:schemas-upnp-org:service:ConnectionManager:1', 'ConnectionManager'],
  ['urn:schemas-upnp-org:service:AVTransport:1', 'AVTransport'],
  ['urn:dial-multiscreen-org:service:dial:1', 'dial'],
] as const;

const DEVICE_TYPE = 'urn:schemas-upnp-org:device:MediaRenderer:1';

function deviceOf({ uuid }: Complete<ChattyHostOptions>): AdvertisedDevice {
  const services = SERVICES.map(([serviceType]) => ({ serviceType }));
  return { udn: `uuid:${uuid}`, deviceType: DEVICE_TYPE, services, devices: [] };
}

/** DIAL 2.1, 5.2 wants Application-URL beside the description. */
function serve(config: Complete<ChattyHostOptions>, { url }: HttpRequest): HttpOutcome {
  const { address, httpPort } = config;
  const response =
    readHttpUrl(url)?.path === '/description.xml'
      ? xmlReply(SERVER, 200, description(config), [['Application-URL', `http://${address}:${httpPort}/apps/`]])
      : plainReply(SERVER, 404, 'nothing there');
  return { kind: 'response', response, delayMs: 0 };
}

function description({ friendlyName, uuid }: Complete<ChattyHostOptions>): string {
  const services = SERVICES.map(([serviceType, name]) =>
    element(
      'service',
      textElement('serviceType', serviceType),
      textElement('serviceId', `urn:upnp-org:serviceId:${name}`),
      textElement('SCPDURL', `/${name}.xml`),
      textElement('controlURL', `/${name}/control`),
      textElement('eventSubURL', `/${name}/event`),
    ),
  );
  return (
    '<?xml version="1.0"?>\r\n<root xmlns="urn:schemas-upnp-org:device-1-0">' +
    element('specVersion', textElement('major', '1'), textElement('minor', '0')) +
    element(
      'device',
      textElement('deviceType', DEVICE_TYPE),
      textElement('friendlyName', friendlyName),
      textElement('manufacturer', 'Portwright'),
      textElement('modelName', 'Simulated television'),
      textElement('UDN', `uuid:${uuid}`),
      element('serviceList', ...services),
    ) +
    '</root>\r\n'
  );
}
