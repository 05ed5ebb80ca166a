/** What a client sees of a gateway that it searches, reads, and maps ports on, by every protocol. */
import type { DatagramSocket, HttpOptions, HttpRequest } from '@portwright/core';
import { args, bytes, mappingArgs, text } from './gateway.test-support.ts';
import { NAT_PMP_ADDRESS, natPmpMap, pcpAnnounce, pcpMap, toHex } from './port-control/port-control.test-support.ts';
import type { SimulatedGateway } from './simulate-gateway.ts';

const OPTIONS: HttpOptions = { deadlineMs: 20_000, maxBodyBytes: 200_000 };
const TARGETS = ['ssdp:all', 'upnp:rootdevice', 'urn:schemas-upnp-org:device:InternetGatewayDevice:1'];

/** Each answer, and each failure, as text with its time. The requests follow from the description, where there is one. */
export async function sessionWith(router: SimulatedGateway): Promise<readonly string[]> {
  const { transport, clock } = router;
  const seen: string[] = [];
  const note = (what: string): void => void seen.push(`${clock.now()} ${what}`);
  const search = async (family: 'ipv4' | 'ipv6', target: string, to: string): Promise<void> => {
    const opened = await transport.datagram.open({ family });
    if (opened.isErr()) {
      note(opened.error.code);
      return;
    }
    const socket = opened.value;
    const listening = (async () => {
      for await (const { payload, from } of socket.datagrams) {
        note(`${from.address} ${from.port} ${new TextDecoder('latin1').decode(payload)}`);
      }
    })();
    const message = `M-SEARCH * HTTP/1.1\r\nHOST: ${to}:1900\r\nMAN: "ssdp:discover"\r\nMX: 1\r\nST: ${target}\r\n\r\n`;
    const sent = await socket.send(bytes(message), { address: to, port: 1900 });
    if (sent.isErr()) note(sent.error.code);
    await clock.advance('5s');
    await socket.close();
    await listening;
  };
  const request = async (message: HttpRequest): Promise<string> => {
    const result = await transport.http.request(message, OPTIONS);
    const { outcome } = router.exchanges().findLast((one) => one.kind === 'http') ?? {};
    const answer = result.match(
      ({ status, headers, body }) => `${status} ${JSON.stringify(headers)} ${text(body)}`,
      ({ code }) => code,
    );
    // On sockets, an answer has a form of its own that the memory network shows by its consequence alone.
    const wire = outcome?.wire?.map((step) => (step.kind === 'bytes' ? text(step.bytes) : JSON.stringify(step)));
    note(`${message.method} ${message.url}: ${answer} ${wire?.join('') ?? ''}`);
    return result.match(
      ({ body }) => text(body),
      () => '',
    );
  };

  const announced = await listenForAnnouncements(router, note);
  if (router.config.protocols.some((protocol) => protocol !== 'upnp')) await askForPorts(router, note);
  for (const target of TARGETS) await search('ipv4', target, '239.255.255.250');
  await search('ipv4', 'upnp:rootdevice', router.config.lanAddress);
  await search('ipv6', 'upnp:rootdevice', 'ff02::c');

  const description = await request(get(router.descriptionUrl));
  const valuesOf = (name: string): readonly string[] =>
    [...description.matchAll(new RegExp(`<${name}>([^<]*)</${name}>`, 'g'))].map((match) => match[1] ?? '');
  const url = (path: string): string =>
    URL.canParse(path, router.descriptionUrl) ? new URL(path, router.descriptionUrl).href : path;
  for (const path of valuesOf('SCPDURL')) await request(get(url(path)));
  const connection = valuesOf('serviceType').findIndex((type) => /:WAN(?:IP|PPP)Connection:\d$/.test(type));
  const type = valuesOf('serviceType')[connection] ?? 'urn:schemas-upnp-org:service:WANIPConnection:1';
  const control = url(valuesOf('controlURL')[connection] ?? '/control/WANIPConn1');
  const call = (action: string, argsXml = '', quote = '"'): Promise<string> =>
    request({
      method: 'POST',
      url: control,
      headers: [
        ['HOST', new URL(control).host],
        ['CONTENT-TYPE', 'text/xml; charset="utf-8"'],
        ['SOAPACTION', `${quote}${type}#${action}${quote}`],
      ],
      body: bytes(
        '<?xml version="1.0"?>\r\n<s:Envelope xmlns:s="http://schemas.xmlsoap.org/soap/envelope/" ' +
          's:encodingStyle="http://schemas.xmlsoap.org/soap/encoding/">' +
          `<s:Body><u:${action} xmlns:u="${type}">${argsXml}</u:${action}></s:Body></s:Envelope>\r\n`,
      ),
    });
  const entry = (port: number): string => args({ NewRemoteHost: '', NewExternalPort: port, NewProtocol: 'TCP' });
  const add = (changes: Readonly<Record<string, string | number>>, action = 'AddPortMapping'): Promise<string> =>
    call(action, mappingArgs(changes));
  const read = async (): Promise<void> => {
    for (const action of ['GetStatusInfo', 'GetExternalIPAddress', 'GetConnectionTypeInfo']) await call(action);
    for (const port of [7777, 7778, 9999]) await call('GetSpecificPortMappingEntry', entry(port));
    for (let index = 0; index < 14; index += 1) {
      await call('GetGenericPortMappingEntry', args({ NewPortMappingIndex: index }));
    }
    await call('DeletePortMapping', entry(9999));
  };

  await read();
  for (let count = 0; count < 2; count += 1) await add({ NewLeaseDuration: 3600 });
  await add({ NewExternalPort: 7778, NewInternalPort: 7779, NewLeaseDuration: 0 });
  await add({ NewExternalPort: 7780, NewInternalPort: 7780, NewPortMappingDescription: '', NewLeaseDuration: 0 });
  await add({ NewExternalPort: 7781, NewPortMappingDescription: 'a "game"_1', NewLeaseDuration: 0 });
  await add({ NewExternalPort: 7782, NewRemoteHost: '5.5.5.9' });
  await add({ NewExternalPort: 7783, NewInternalClient: '192.168.1.77' });
  await add({ NewExternalPort: 7784, NewLeaseDuration: 60 }, 'AddAnyPortMapping');
  await call('GetExternalIPAddress', '', '');
  await call('X_NoSuchAction');
  await Promise.all([call('GetStatusInfo'), call('GetExternalIPAddress'), call('GetStatusInfo')]);
  await read();
  await clock.advance('25m');
  await call('DeletePortMapping', entry(7778));
  await read();
  await announced.close();
  return seen;
}

/** What is announced by PCP and NAT-PMP meanwhile. */
async function listenForAnnouncements(
  { transport }: SimulatedGateway,
  note: (what: string) => void,
): Promise<DatagramSocket> {
  const options = { family: 'ipv4', localPort: 5350, memberships: ['224.0.0.1'] } as const;
  const socket = (await transport.datagram.open(options))._unsafeUnwrap();
  void (async () => {
    for await (const { payload, from } of socket.datagrams) note(`${from.address} announces ${toHex(payload)}`);
  })();
  return socket;
}

/** The requests of PCP and NAT-PMP, each twice and the first two at once, and what comes back within three seconds. */
async function askForPorts(
  { transport, clock, config }: SimulatedGateway,
  note: (what: string) => void,
): Promise<void> {
  const socket = (await transport.datagram.open({ family: 'ipv4' }))._unsafeUnwrap();
  const listening = (async () => {
    for await (const { payload, from } of socket.datagrams) note(`${from.address} ${from.port} ${toHex(payload)}`);
  })();
  const requests = [NAT_PMP_ADDRESS, pcpAnnounce(), natPmpMap(), pcpMap({ protocol: 6 }), pcpMap({ externalPort: 80 })];
  for (const request of requests) {
    for (let count = 0; count < 2; count += 1) {
      const sent = await socket.send(request, { address: config.lanAddress, port: 5351 });
      if (sent.isErr()) note(sent.error.code);
    }
    await clock.advance('3s');
  }
  await socket.close();
  await listening;
}

function get(url: string): HttpRequest {
  return { method: 'GET', url, headers: [['HOST', new URL(url).host]], body: new Uint8Array() };
}
