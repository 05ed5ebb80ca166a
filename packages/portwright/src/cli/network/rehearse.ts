/**
 * A search, a description and a mapping on a gateway that does not exist: nothing is sent, and V8 has compiled the way.
 */
import type { HttpResponse, Transport } from '@portwright/core';
import { decodeSsdpMessage, gatewayAt } from '@portwright/core';
import { mapPort } from '@portwright/core/mapping';
import { errAsync, okAsync, ResultAsync } from '@portwright/core/result';

const LOCATION = 'http://192.0.2.1:1/';
const CONNECTION = 'urn:schemas-upnp-org:service:WANIPConnection:2';

const ANSWER = `HTTP/1.1 200 OK\r\nCACHE-CONTROL: max-age=1\r\nST: upnp:rootdevice\r\nUSN: uuid:1::upnp:rootdevice\r\nEXT:\r\nSERVER: a UPnP/1.0 b\r\nLOCATION: ${LOCATION}\r\n\r\n`;

const DESCRIPTION = `<?xml version="1.0"?>
<root xmlns="urn:schemas-upnp-org:device-1-0"><specVersion><major>1</major><minor>0</minor></specVersion><device>
<deviceType>urn:schemas-upnp-org:device:InternetGatewayDevice:1</deviceType><UDN>uuid:1</UDN><serviceList><service>
<serviceType>${CONNECTION}</serviceType><serviceId>urn:upnp-org:serviceId:WANIPConn1</serviceId><SCPDURL>/s</SCPDURL>
<controlURL>/c</controlURL><eventSubURL>/e</eventSubURL></service></serviceList></device></root>`;

const FAULT = `<?xml version="1.0"?><s:Envelope xmlns:s="http://schemas.xmlsoap.org/soap/envelope/"><s:Body><s:Fault>
<faultcode>s:Client</faultcode><faultstring>UPnPError</faultstring><detail><UPnPError xmlns="urn:schemas-upnp-org:control-1-0">
<errorCode>714</errorCode><errorDescription>NoSuchEntryInArray</errorDescription></UPnPError></detail></s:Fault></s:Body></s:Envelope>`;

/** @param turn - resolves when there is time for the next part; where there is none any more, never */
export async function rehearse(turn: () => Promise<void>): Promise<void> {
  const bytes = new TextEncoder();
  void decodeSsdpMessage(bytes.encode(ANSWER));
  const answer = (text: string, status = 200): HttpResponse => ({
    status,
    headers: [['Content-Type', 'text/xml']],
    body: bytes.encode(text),
    localAddress: '192.0.2.2',
  });
  const transport: Transport = {
    http: {
      request: ({ method, headers }) => {
        const after = (response: HttpResponse) => ResultAsync.fromSafePromise(turn().then(() => response));
        if (method === 'GET') return after(answer(DESCRIPTION));
        const action = headers.map(([, value]) => /#(\w+)/.exec(value)?.[1]).find((name) => name !== undefined) ?? '';
        // Nobody holds the port, as nearly always.
        if (action === 'GetSpecificPortMappingEntry') return after(answer(FAULT, 500));
        return after(answer(responseTo(action)));
      },
    },
    datagram: { open: () => errAsync({ kind: 'transport', code: 'failed', message: 'a rehearsal' }) },
    interfaces: { list: () => okAsync([]) },
    clock: { now: () => 0, sleep: () => Promise.resolve() },
    random: { fraction: () => 0 },
  };
  const nothing = (): void => undefined;
  await gatewayAt(transport, LOCATION)
    .andThen(({ gateway }) => mapPort(gateway, { externalPort: 1, protocol: 'TCP', verify: false, askState: false }))
    .match(nothing, nothing);
}

function responseTo(action: string): string {
  const status =
    '<NewConnectionStatus>Connected</NewConnectionStatus><NewLastConnectionError/><NewUptime>1</NewUptime>';
  const values: Readonly<Record<string, string>> = {
    GetStatusInfo: status,
    GetExternalIPAddress: '<NewExternalIPAddress>8.8.8.8</NewExternalIPAddress>',
  };
  const body = values[action] ?? '';
  return `<?xml version="1.0"?><s:Envelope xmlns:s="http://schemas.xmlsoap.org/soap/envelope/"><s:Body><u:${action}Response xmlns:u="${CONNECTION}">${body}</u:${action}Response></s:Body></s:Envelope>`;
}
