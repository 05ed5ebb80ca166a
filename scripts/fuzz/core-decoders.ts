/** The decoders of the core. */
import {
  checkGatewayUrl,
  checkLocation,
  checkServiceUrl,
  classifyAddress,
  decodeCall,
  decodeDeviceDescription,
  decodeServiceDescription,
  decodeSsdpMessage,
  devicesOf,
  parseUpnpType,
  servicesOf,
  wanIpConnection,
} from '@portwright/core';
import { parseIpAddress, sameAddress } from '../../packages/core/src/addresses/ip-address.ts';
import { decodeNotification } from '../../packages/core/src/events/notification.ts';
import { decodeSubscription } from '../../packages/core/src/events/subscription.ts';
import { decodePortListing } from '../../packages/core/src/igd/port-listing.ts';
import type { XmlElement } from '../../packages/core/src/xml/element.ts';
import { parseXml } from '../../packages/core/src/xml/parse.ts';
import type { Decoder, Reading } from './decoder.ts';
import {
  ADDRESS_WORDS,
  ADDRESSES,
  DESCRIPTION_DOCUMENTS,
  ENTRY_ANSWER,
  FAULT_ANSWER,
  LISTING,
  PROPERTY_SET,
  SCPD_DOCUMENTS,
  SSDP_DOCUMENTS,
  SSDP_WORDS,
  URL_WORDS,
  URLS,
  XML_WORDS,
} from './documents.ts';

const LATIN1 = new TextDecoder('latin1');
const LOCATION = 'http://192.168.1.1:5000/rootDesc.xml';
const SERVICE = {
  serviceType: 'urn:schemas-upnp-org:service:WANIPConnection:1',
  controlUrl: 'http://192.168.1.1:5000/c',
};
const HERE = { name: 'eth0', family: 'ipv4', address: '192.168.1.2', prefixLength: 24, internal: false } as const;

function textsOf({ name, text, attributes, children }: XmlElement): readonly string[] {
  return [name, text, ...attributes.values(), ...children.flatMap(textsOf)];
}

function call(input: Uint8Array, status: number): Reading | null {
  const answer = decodeCall(wanIpConnection, SERVICE, 'GetGenericPortMappingEntry', {
    status,
    headers: [],
    body: input,
  });
  if (answer.isErr()) {
    const { error } = answer;
    return error.kind === 'upnp-fault' ? { claims: [error.code?.toString()] } : null;
  }
  const { value } = answer;
  const wrong = status === 200 ? undefined : 'an HTTP error is a success';
  const { NewExternalPort, NewProtocol, NewInternalClient } = value;
  return { claims: [String(NewExternalPort), NewProtocol, NewInternalClient, 'Response'], wrong };
}

/** A text without the percent-encoding that the input does not have: LOCATION is read so that it can be asked. */
function unescaped(text: string, input: string): string {
  return text.replace(/%(?:20|[89A-F][\dA-F])/g, (code) => (input.includes(code) ? code : ''));
}

/** Whether a URL is one that may be asked, and stays the same when it is read again. */
function url(text: string, read: (text: string) => string | null): Reading | null {
  const accepted = read(text);
  if (accepted === null) return null;
  const again = read(accepted);
  const isPlain = /^http:\/\/[!-~]+$/.test(accepted) && !/^http:\/\/[^/]*@/.test(accepted);
  const same = again === accepted ? undefined : `${accepted} is read as ${String(again)} the second time`;
  return { claims: [], wrong: isPlain ? same : `${JSON.stringify(accepted)} is no URL to ask` };
}

export const CORE_DECODERS: readonly Decoder[] = [
  {
    name: 'ssdp',
    documents: SSDP_DOCUMENTS,
    words: SSDP_WORDS,
    read: (input) => {
      const message = decodeSsdpMessage(input);
      if (message.isErr()) return null;
      const texts = Object.entries(message.value).filter(([name]) => name !== 'kind');
      const raw = LATIN1.decode(input);
      const claims = texts.map(([, value]) => (typeof value === 'string' ? unescaped(value, raw) : null));
      const numbers = texts.map(([, value]: readonly [string, unknown]) =>
        typeof value === 'number' ? String(value) : null,
      );
      return { claims: [...claims, ...numbers] };
    },
  },
  {
    name: 'xml',
    documents: [...DESCRIPTION_DOCUMENTS, ENTRY_ANSWER],
    words: XML_WORDS,
    read: (input) =>
      parseXml(input).match(
        (root) => ({ claims: textsOf(root) }),
        () => null,
      ),
  },
  {
    name: 'description',
    documents: DESCRIPTION_DOCUMENTS,
    words: XML_WORDS,
    read: (input) => {
      const description = decodeDeviceDescription(input, LOCATION);
      if (description.isErr()) return null;
      const { device } = description.value;
      const services = servicesOf(device).map(({ service }) => service);
      const urls = services.flatMap(({ controlUrl, scpdUrl, eventSubUrl }) => [controlUrl, scpdUrl, eventSubUrl]);
      const odd = urls.find((one) => one !== null && !/^http:\/\/[!-~]+$/.test(one));
      return {
        claims: [
          ...devicesOf(device).flatMap(({ deviceType, udn, friendlyName }) => [deviceType, udn, friendlyName]),
          ...services.flatMap(({ serviceType, serviceId }) => [serviceType, serviceId]),
        ],
        wrong: odd === undefined ? undefined : `${JSON.stringify(odd)} is no URL`,
      };
    },
  },
  {
    name: 'scpd',
    documents: SCPD_DOCUMENTS,
    words: XML_WORDS,
    read: (input) =>
      decodeServiceDescription(input).match(
        ({ actions, stateVariables }) => ({ claims: [...actions, ...stateVariables].map(({ name }) => name) }),
        () => null,
      ),
  },
  { name: 'soap-answer', documents: [ENTRY_ANSWER, FAULT_ANSWER], words: XML_WORDS, read: (input) => call(input, 200) },
  { name: 'soap-fault', documents: [FAULT_ANSWER, ENTRY_ANSWER], words: XML_WORDS, read: (input) => call(input, 500) },
  {
    name: 'listing',
    documents: [LISTING],
    words: XML_WORDS,
    read: (input) =>
      decodePortListing(LATIN1.decode(input)).match(
        ({ entries }) => ({
          claims: entries.flatMap((entry) => [
            String(entry.NewExternalPort),
            entry.NewProtocol,
            entry.NewInternalClient,
          ]),
        }),
        () => null,
      ),
  },
  {
    name: 'notification',
    documents: [PROPERTY_SET],
    words: XML_WORDS,
    read: (input) => {
      const headers = [
        ['NT', 'upnp:event'],
        ['NTS', 'upnp:propchange'],
        ['SID', 'uuid:1'],
        ['SEQ', '0'],
      ] as const;
      return decodeNotification({ method: 'NOTIFY', url: '/', headers, body: input }).match(
        ({ properties }) => ({ claims: [...properties].flat() }),
        () => null,
      );
    },
  },
  {
    name: 'subscription',
    documents: ['Second-1800', 'infinite', 'uuid:5c1f9a36-77d1-4d2e'],
    words: ['Second-', 'infinite', '9', '-', ' ', '\t', '\r\n', '\0', '\x7f', 'uuid:'],
    read: (input) => {
      const text = LATIN1.decode(input);
      const headers = [
        ['SID', text],
        ['TIMEOUT', text],
      ] as const;
      const answer = decodeSubscription({ status: 200, headers, body: new Uint8Array() });
      return answer.match(
        ({ sid }) => ({ claims: [sid] }),
        () => null,
      );
    },
  },
  {
    name: 'location',
    documents: URLS,
    words: URL_WORDS,
    read: (input) =>
      url(LATIN1.decode(input), (text) =>
        checkLocation(text, { responder: '192.168.1.1', interfaces: [HERE] }).unwrapOr(null),
      ),
  },
  {
    name: 'service-url',
    documents: URLS,
    words: URL_WORDS,
    read: (input) => url(LATIN1.decode(input), (text) => checkServiceUrl(text, LOCATION).unwrapOr(null)),
  },
  {
    name: 'gateway-url',
    documents: URLS,
    words: URL_WORDS,
    read: (input) => url(LATIN1.decode(input), (text) => checkGatewayUrl(text, {}).unwrapOr(null)),
  },
  {
    name: 'address',
    documents: ADDRESSES,
    words: ADDRESS_WORDS,
    read: (input) => {
      const text = LATIN1.decode(input);
      const isAddress = parseIpAddress(text) !== null;
      if (!isAddress) return classifyAddress(text) === 'public' ? { claims: [], wrong: 'no address is public' } : null;
      return { claims: [], wrong: sameAddress(text, text) ? undefined : 'an address is not the same as itself' };
    },
  },
  {
    name: 'upnp-type',
    documents: ['urn:schemas-upnp-org:service:WANIPConnection:1', 'urn:dslforum-org:device:InternetGatewayDevice:1'],
    words: [':', 'urn:', 'service', '1', '-', ' ', '.', '\0'],
    read: (input) => {
      const type = parseUpnpType(LATIN1.decode(input));
      return type === null ? null : { claims: [type.name, String(type.version)] };
    },
  },
];
