/** Literals of a router: its answers to searches, its description, and what it says to calls. */
import type { HttpRequest } from '../messages.ts';
import type { Reply } from './fake-network.test-support.ts';

/** The answer of a device to a search for a target. */
export function answer(target: string, location = 'http://192.168.1.1:5000/rootDesc.xml'): string {
  return `HTTP/1.1 200 OK\r\nCACHE-CONTROL: max-age=120\r\nST: ${target}\r\nUSN: uuid:1::${target}\r\nEXT:\r\nLOCATION: ${location}\r\n\r\n`;
}

/** Answers to some of the targets, as a device does that is of those kinds. */
export function answersTo(...targets: readonly string[]): (target: string) => readonly string[] {
  return (target) => (targets.includes(target) ? [answer(target)] : []);
}

export const IGD1 = 'urn:schemas-upnp-org:device:InternetGatewayDevice:1';

/** A device with services, each with a control URL or none. */
export function description(
  deviceType: string,
  ...services: readonly (readonly [type: string, controlUrl: string | null])[]
): string {
  const list = services.map(
    ([type, controlUrl]) =>
      `<service><serviceType>${type}</serviceType>${controlUrl === null ? '' : `<controlURL>${controlUrl}</controlURL>`}</service>`,
  );
  return `<?xml version="1.0"?><root xmlns="urn:schemas-upnp-org:device-1-0"><device><deviceType>${deviceType}</deviceType><serviceList>${list.join('')}</serviceList></device></root>`;
}

export const ROUTER: string = description(IGD1, ['urn:schemas-upnp-org:service:WANIPConnection:1', '/ctl/IPConn']);

/** The envelope around a body. */
export function envelope(body: string): string {
  return `<?xml version="1.0"?><s:Envelope xmlns:s="http://schemas.xmlsoap.org/soap/envelope/"><s:Body>${body}</s:Body></s:Envelope>`;
}

/** An action's own response element. */
export function success(action: string, values = ''): string {
  return envelope(
    `<u:${action}Response xmlns:u="urn:schemas-upnp-org:service:WANIPConnection:1">${values}</u:${action}Response>`,
  );
}

/** A UPnP fault, under HTTP status 500 as UDA 1.1, 3.2.2 has it. */
export function fault(code: number | string): Reply {
  const body = envelope(
    `<s:Fault><faultcode>s:Client</faultcode><faultstring>UPnPError</faultstring><detail><UPnPError xmlns="urn:schemas-upnp-org:control-1-0"><errorCode>${code}</errorCode><errorDescription>no</errorDescription></UPnPError></detail></s:Fault>`,
  );
  return { status: 500, body };
}

/** What a router says: by the name of the action, and `GET` for its description. */
export type Says = Readonly<Record<string, Reply>>;

/** A router that is connected and grants everything, but for what it is told to say. */
export function router(says: Says = {}): (request: HttpRequest) => Reply {
  const all: Says = {
    GET: ROUTER,
    GetStatusInfo: success(
      'GetStatusInfo',
      '<NewConnectionStatus>Connected</NewConnectionStatus><NewLastConnectionError>ERROR_NONE</NewLastConnectionError><NewUptime>1</NewUptime>',
    ),
    GetExternalIPAddress: success('GetExternalIPAddress', '<NewExternalIPAddress>5.5.5.1</NewExternalIPAddress>'),
    AddPortMapping: success('AddPortMapping'),
    DeletePortMapping: success('DeletePortMapping'),
    ...says,
  };
  return ({ headers }) => {
    const action = /#(\w+)/.exec(headers.find(([name]) => name === 'SOAPAction')?.[1] ?? '')?.[1];
    return all[action ?? 'GET'] ?? fault(401);
  };
}
