/** The JIT warm-up: compiles the code for the router's answer while the answer is awaited. early-search.ts says why. */
import type { HttpResponse, Transport } from '@portwright/core';
import { decodeSsdpMessage } from '@portwright/core';
import { gatewayAt, igdMapper } from '@portwright/core/upnp';
import { mapPort } from '@portwright/core/mapping';
import { errAsync, okAsync, ResultAsync } from '@portwright/core/result';

/** Milliseconds until the connection is open and the request has been sent. */
const REQUEST_MS = 2;

/** The code of a process is compiled once. */
let hasStarted = false;

/** Resolves after a turn of the event loop if there is still no answer. After an answer it never resolves. */
type NextTurn = () => Promise<void>;

/** A part of the warm-up. It may wait for turns of the event loop in which an answer can be received. */
type Step = (nextTurn: NextTurn) => void | Promise<void>;

/**
 * The same transport. The warm-up starts after the first datagram or request was sent, so that it does not delay that.
 * The first HTTP response ends the warm-up.
 *
 * @param further - runs as a part of the warm-up
 * @param mapNowhere - replaced by tests
 */
export function warmUpDuring(transport: Transport, further: () => void, mapNowhere: Step = mapOnNoGateway): Transport {
  if (hasStarted) return transport;
  let isAnswered = false;
  const nextTurn: NextTurn = () =>
    new Promise((resolve) => {
      setImmediate(() => {
        if (!isAnswered) resolve();
      });
    });
  const start = (...steps: readonly Step[]): void => {
    if (!hasStarted) void warmUp(steps, nextTurn);
    hasStarted = true;
  };
  const answered = (): void => {
    isAnswered = true;
  };
  return {
    ...transport,
    http: {
      request: (request, options) => {
        const response = transport.http.request(request, options);
        if (!hasStarted) setTimeout(start, REQUEST_MS, further, mapNowhere);
        return response.andTee(answered).orTee(answered);
      },
    },
    datagram: {
      open: (options) =>
        transport.datagram.open(options).map((socket) => ({
          local: socket.local,
          datagrams: socket.datagrams,
          send: (payload, to) =>
            socket.send(payload, to).andTee(() => {
              start(further, mapNowhere);
            }),
          close: () => socket.close(),
        })),
    },
  };
}

async function warmUp(steps: readonly Step[], nextTurn: NextTurn): Promise<void> {
  try {
    for (const step of steps) {
      await nextTurn();
      await step(nextTurn);
    }
  } catch {
    // An error of this code comes up again in the real run, which reports it.
  }
}

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

/**
 * Compiles the core's code: a search answer, a description and a mapping on a gateway that does not exist. It sends
 * nothing.
 */
export async function mapOnNoGateway(nextTurn: NextTurn): Promise<void> {
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
        const after = (response: HttpResponse) => ResultAsync.fromSafePromise(nextTurn().then(() => response));
        if (method === 'GET') return after(answer(DESCRIPTION));
        const action = headers.map(([, value]) => /#(\w+)/.exec(value)?.[1]).find((name) => name !== undefined) ?? '';
        // The port is free, as nearly always.
        if (action === 'GetSpecificPortMappingEntry') return after(answer(FAULT, 500));
        return after(answer(responseTo(action)));
      },
    },
    datagram: { open: () => errAsync({ kind: 'transport', code: 'failed', message: 'no network' }) },
    interfaces: { list: () => okAsync([]) },
    clock: { now: () => 0, sleep: () => Promise.resolve() },
    random: { fraction: () => 0 },
  };
  const nothing = (): void => undefined;
  await gatewayAt(transport, LOCATION)
    .andThen(({ gateway }) =>
      mapPort(igdMapper(gateway), { externalPort: 1, protocol: 'TCP', verify: false, askState: false }),
    )
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
