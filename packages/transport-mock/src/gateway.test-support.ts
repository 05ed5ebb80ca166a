import type { HttpRequest, HttpResponse } from '@portwright/core';
import { VirtualClock } from './clock/virtual-clock.ts';
import { Gateway } from './gateway/gateway.ts';
import { completeGatewayOptions, type GatewayOptions } from './gateway/gateway-options.ts';
import { serveHttp } from './http/http-server.ts';

export const WANIP1 = 'urn:schemas-upnp-org:service:WANIPConnection:1';
export const WANIP2 = 'urn:schemas-upnp-org:service:WANIPConnection:2';
export const WANPPP1 = 'urn:schemas-upnp-org:service:WANPPPConnection:1';
export const WANCIC1 = 'urn:schemas-upnp-org:service:WANCommonInterfaceConfig:1';
export const V6FW1 = 'urn:schemas-upnp-org:service:WANIPv6FirewallControl:1';
export const L3F1 = 'urn:schemas-upnp-org:service:Layer3Forwarding:1';

const CONTROL_URLS: Readonly<Record<string, string>> = {
  [WANIP1]: 'http://192.168.1.1:5000/control/WANIPConn1',
  [WANIP2]: 'http://192.168.1.1:5000/control/WANIPConn1',
  [WANPPP1]: 'http://192.168.1.1:5000/control/WANPPPConn1',
  [WANCIC1]: 'http://192.168.1.1:5000/control/WANCommonIFC1',
  [V6FW1]: 'http://192.168.1.1:5000/control/WANIPv6Firewall1',
  [L3F1]: 'http://192.168.1.1:5000/control/L3Forwarding1',
};

/** A SOAP request as a careful client writes it by hand. */
export function soapRequest(service: string, action: string, args: string): HttpRequest {
  return {
    method: 'POST',
    url: CONTROL_URLS[service] ?? 'http://192.168.1.1:5000/control/unknown',
    headers: [
      ['HOST', '192.168.1.1:5000'],
      ['CONTENT-TYPE', 'text/xml; charset="utf-8"'],
      ['SOAPACTION', `"${service}#${action}"`],
    ],
    body: bytes(
      '<?xml version="1.0"?>\r\n' +
        '<s:Envelope xmlns:s="http://schemas.xmlsoap.org/soap/envelope/"' +
        ' s:encodingStyle="http://schemas.xmlsoap.org/soap/encoding/">' +
        `<s:Body><u:${action} xmlns:u="${service}">${args}</u:${action}></s:Body></s:Envelope>\r\n`,
    ),
  };
}

/** Arguments in the order in which they are written here. */
export function args(values: Readonly<Record<string, string | number>>): string {
  return Object.entries(values)
    .map(([name, value]) => `<${name}>${value}</${name}>`)
    .join('');
}

export function bytes(text: string): Uint8Array {
  return new TextEncoder().encode(text);
}

export function text(body: Uint8Array): string {
  return new TextDecoder().decode(body);
}

/** What an answer says: its output arguments in their order, or the code of its fault. */
export function readAnswer(response: HttpResponse): Readonly<Record<string, string>> | number {
  const xml = text(response.body);
  const code = /<errorCode>(\d+)<\/errorCode>/.exec(xml)?.[1];
  if (code !== undefined) return response.status === 500 ? Number(code) : NaN;
  const content = /<u:\w+Response xmlns:u="[^"]*">(.*)<\/u:\w+Response>/s.exec(xml)?.[1];
  if (response.status !== 200 || content === undefined) throw new Error(`no SOAP answer: ${response.status} ${xml}`);
  return Object.fromEntries(
    [...content.matchAll(/<(\w+)>(.*?)<\/\1>/gs)].map((match) => [match[1] ?? '', match[2] ?? '']),
  );
}

export interface TestGateway {
  readonly gateway: Gateway;
  readonly clock: VirtualClock;
  /** Calls an action from 192.168.1.2, or from another host. */
  call(service: string, action: string, args?: string, from?: string): Readonly<Record<string, string>> | number;
  /** Adds TCP 7777 for 192.168.1.2, but for what is changed. */
  add(changes?: Readonly<Record<string, string | number>>, from?: string): Readonly<Record<string, string>> | number;
}

/** A gateway without a network. `add` and the service that it uses go by its version. */
export function testGateway(options: GatewayOptions = {}): TestGateway {
  const clock = new VirtualClock();
  const gateway = new Gateway(completeGatewayOptions(options), clock);
  const call: TestGateway['call'] = (service, action, argsXml = '', from = '192.168.1.2') =>
    readAnswer(serveHttp(gateway, soapRequest(service, action, argsXml), from));
  const service = gateway.config.igdVersion === 2 ? WANIP2 : WANIP1;
  return {
    gateway,
    clock,
    call,
    add: (changes = {}, from = '192.168.1.2') => call(service, 'AddPortMapping', mappingArgs(changes), from),
  };
}

/** The arguments of AddPortMapping, in the specification's order. */
export function mappingArgs(changes: Readonly<Record<string, string | number>> = {}): string {
  return args({
    NewRemoteHost: '',
    NewExternalPort: 7777,
    NewProtocol: 'TCP',
    NewInternalPort: 7777,
    NewInternalClient: '192.168.1.2',
    NewEnabled: 1,
    NewPortMappingDescription: 'a test',
    NewLeaseDuration: 3600,
    ...changes,
  });
}

/** The arguments that name a mapping. */
export function keyArgs(port: string | number = 7777, protocol = 'TCP', remoteHost = ''): string {
  return args({ NewRemoteHost: remoteHost, NewExternalPort: port, NewProtocol: protocol });
}
