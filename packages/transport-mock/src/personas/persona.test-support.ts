import type { HttpOptions, HttpResponse } from '@portwright/core';
import { args, bytes, mappingArgs, text } from '../gateway.test-support.ts';
import { type SimulatedGateway, simulateGateway, type SimulateGatewayOptions } from '../simulate-gateway.ts';
import { readXml, type XmlElement } from '../xml/xml-reader.ts';
import type { PersonaName } from './index.ts';

const OPTIONS: HttpOptions = { deadlineMs: 60_000, maxBodyBytes: 100_000 };

export interface DescribedService {
  readonly type: string;
  readonly id: string;
  readonly scpdUrl: string;
  readonly controlUrl: string;
  readonly eventUrl: string;
}

/** What an action's answer says: the code of its fault, or its arguments. */
export type Said = number | Readonly<Record<string, string>>;

/** A persona, as a client meets it that has read its description by hand. */
export interface Met {
  readonly router: SimulatedGateway;
  /** The description's text, and what it says. */
  readonly description: string;
  readonly services: readonly DescribedService[];
  /** The first connection service. */
  readonly connection: DescribedService;
  readonly get: (path: string) => Promise<HttpResponse>;
  /** Calls an action of the connection service, or of another; the answer as it is. */
  readonly send: (action: string, args?: string, service?: DescribedService, quote?: string) => Promise<HttpResponse>;
  readonly call: (action: string, args?: string, service?: DescribedService) => Promise<Said>;
  readonly add: (changes?: Readonly<Record<string, string | number>>) => Promise<Said>;
  /** GetGenericPortMappingEntry, or GetSpecificPortMappingEntry for TCP. */
  readonly at: (index: number) => Promise<Said>;
  readonly find: (port: number) => Promise<Said>;
}

export async function meet(persona: PersonaName, options: SimulateGatewayOptions = {}): Promise<Met> {
  const router = simulateGateway({ persona, ...options });
  const url = new URL(router.descriptionUrl);
  const request = async (
    method: string,
    path: string,
    headers: [string, string][],
    body: string,
  ): Promise<HttpResponse> => {
    const message = { method, url: new URL(path, url).href, headers, body: bytes(body) };
    return (await router.transport.http.request(message, OPTIONS))._unsafeUnwrap();
  };
  const get: Met['get'] = (path) => request('GET', path, [['HOST', url.host]], '');
  const description = text((await get(url.pathname)).body);
  const services = servicesIn(readXml(description)._unsafeUnwrap());
  const connection = services.find(({ type }) => /:WAN(?:IP|PPP)Connection:\d$/.test(type));
  if (connection === undefined) throw new Error(`${persona} describes no connection service`);
  const send: Met['send'] = (action, argsXml = '', service = connection, quote = '"') =>
    request(
      'POST',
      service.controlUrl,
      [
        ['HOST', url.host],
        ['CONTENT-TYPE', 'text/xml; charset="utf-8"'],
        ['SOAPACTION', `${quote}${service.type}#${action}${quote}`],
      ],
      '<?xml version="1.0"?>\r\n<s:Envelope xmlns:s="http://schemas.xmlsoap.org/soap/envelope/" ' +
        's:encodingStyle="http://schemas.xmlsoap.org/soap/encoding/">' +
        `<s:Body><u:${action} xmlns:u="${service.type}">${argsXml}</u:${action}></s:Body></s:Envelope>\r\n`,
    );
  const call: Met['call'] = async (action, argsXml, service) => read(text((await send(action, argsXml, service)).body));
  return {
    router,
    description,
    services,
    connection,
    get,
    send,
    call,
    add: (changes) => call('AddPortMapping', mappingArgs(changes)),
    at: (index) => call('GetGenericPortMappingEntry', args({ NewPortMappingIndex: index })),
    find: (port) =>
      call('GetSpecificPortMappingEntry', args({ NewRemoteHost: '', NewExternalPort: port, NewProtocol: 'TCP' })),
  };
}

/** An answer, whatever its prefixes and attributes. */
function read(xml: string): Said {
  const code = /<errorCode[^>]*>(-?\d+)</.exec(xml)?.[1];
  if (code !== undefined) return Number(code);
  return Object.fromEntries(
    [...xml.matchAll(/<(New\w+)[^>]*>(.*?)<\/\1>/gs)].map((match) => [match[1] ?? '', match[2] ?? '']),
  );
}

function servicesIn(element: XmlElement): readonly DescribedService[] {
  if (element.name !== 'service') return element.children.flatMap(servicesIn);
  const child = (name: string): string => element.children.find((one) => one.name === name)?.text ?? '';
  return [
    {
      type: child('serviceType'),
      id: child('serviceId'),
      scpdUrl: child('SCPDURL'),
      controlUrl: child('controlURL'),
      eventUrl: child('eventSubURL'),
    },
  ];
}

/** The texts of the elements of this name, in their order. */
export function textsOf(xml: string, name: string): readonly string[] {
  return [...xml.matchAll(new RegExp(`<${name}[^>]*>([^<]*)</${name}>`, 'g'))].map((match) => match[1] ?? '');
}
