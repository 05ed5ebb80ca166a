import type { Datagram, DatagramOptions, Transport } from '@portwright/core';
import { expect, test } from 'vitest';
import { bytes, text } from '../gateway.test-support.ts';
import { header } from '../http/http-reply.ts';
import { simulateGateway } from '../simulate-gateway.ts';
import { chattyHost } from './chatty-host.ts';
import { MemoryNetwork } from './memory-network.ts';
import { deadHost, quietHost } from './network-host.ts';

const GROUP = { address: '239.255.255.250', port: 1900 };

/** What a socket hears within two seconds, after what is done meanwhile. */
async function hear(
  transport: Transport,
  act: (send: (message: string) => void) => void,
  options: Partial<DatagramOptions> = {},
): Promise<readonly Datagram[]> {
  const socket = (await transport.datagram.open({ family: 'ipv4', ...options }))._unsafeUnwrap();
  const heard: Datagram[] = [];
  const reading = (async () => {
    for await (const datagram of socket.datagrams) heard.push(datagram);
  })();
  act((message) => void socket.send(bytes(message), GROUP));
  await transport.clock.sleep(2_000);
  await socket.close();
  await reading;
  return heard;
}

function search(target: string): string {
  return `M-SEARCH * HTTP/1.1\r\nHOST: 239.255.255.250:1900\r\nMAN: "ssdp:discover"\r\nMX: 1\r\nST: ${target}\r\n\r\n`;
}

/** How many answers came from each host. */
function bySender(answers: readonly Datagram[]): Readonly<Record<string, number>> {
  const counts: Record<string, number> = {};
  for (const { from } of answers) counts[from.address] = (counts[from.address] ?? 0) + 1;
  return counts;
}

test('a search finds several gateways among a television and dead devices', async () => {
  const network = new MemoryNetwork();
  await using one = simulateGateway({ network });
  await using two = simulateGateway({ network, lanAddress: '192.168.1.254', lanAddress6: null, igdVersion: 1 });
  network.attach(chattyHost({ repeats: 2 }));
  network.attach(deadHost('192.168.1.30'));
  network.attach(quietHost('192.168.1.31'));
  const count = async (target: string): Promise<Readonly<Record<string, number>>> =>
    bySender(
      await hear(one.transport, (send) => {
        send(search(target));
      }),
    );
  expect(await count('urn:schemas-upnp-org:device:InternetGatewayDevice:1')).toEqual({
    '192.168.1.1': 1,
    '192.168.1.254': 1,
  });
  expect(await count('upnp:rootdevice')).toEqual({ '192.168.1.1': 1, '192.168.1.254': 1, '192.168.1.20': 2 });
  expect(await count('ssdp:all')).toEqual({ '192.168.1.1': 11, '192.168.1.254': 10, '192.168.1.20': 14 });
  expect(two.exchanges()).toHaveLength(3);
});

test('a television answers three times, and not for a gateway', async () => {
  const network = new MemoryNetwork();
  network.attach(chattyHost({ address: '192.168.1.21' }));
  const ask = (target: string): Promise<readonly Datagram[]> =>
    hear(network.transport(), (send) => {
      send(search(target));
    });
  expect(await ask('urn:schemas-upnp-org:device:InternetGatewayDevice:1')).toEqual([]);
  const answers = await ask('urn:dial-multiscreen-org:service:dial:1');
  expect(answers).toHaveLength(3);
  expect(text(answers[0]?.payload ?? new Uint8Array())).toBe(
    'HTTP/1.1 200 OK\r\n' +
      'CACHE-CONTROL: max-age=1800\r\n' +
      'LOCATION: http://192.168.1.21:8060/description.xml\r\n' +
      'SERVER: Linux/4.4 UPnP/1.0 Television/1.0\r\n' +
      'ST: urn:dial-multiscreen-org:service:dial:1\r\n' +
      'USN: uuid:2b7c6d1e-9f80-4a3b-8c5d-000000000020::urn:dial-multiscreen-org:service:dial:1\r\n' +
      'EXT: \r\n\r\n',
  );
});

test('some answer whatever is asked', async () => {
  const network = new MemoryNetwork();
  network.attach(chattyHost({ answersEverything: true, repeats: 1 }));
  const target = 'urn:schemas-upnp-org:device:InternetGatewayDevice:1';
  const [answer, ...others] = await hear(network.transport(), (send) => {
    send(search(target));
  });
  expect(others).toEqual([]);
  expect(text(answer?.payload ?? new Uint8Array())).toContain(`\r\nST: ${target}\r\n`);
});

test('it announces itself, and has a description', async () => {
  const network = new MemoryNetwork();
  const television = chattyHost({ friendlyName: 'Kitchen & bath' });
  network.attach(television);
  const transport = network.transport();
  const announced = await hear(
    transport,
    () => {
      television.announce(network);
    },
    { localPort: 1900, memberships: ['239.255.255.250'] },
  );
  expect(announced).toHaveLength(21);
  expect(text(announced[0]?.payload ?? new Uint8Array())).toContain('NT: upnp:rootdevice\r\n');
  const get = async (path: string): Promise<readonly [number, string, string | undefined]> => {
    const request = { method: 'GET', url: `http://192.168.1.20:8060${path}`, headers: [], body: new Uint8Array() };
    const response = await transport.http.request(request, { deadlineMs: 1_000, maxBodyBytes: 10_000 });
    const { status, body, headers } = response._unsafeUnwrap();
    return [status, text(body), header(headers, 'application-url')];
  };
  const [status, xml, applicationUrl] = await get('/description.xml');
  expect(status).toBe(200);
  expect(xml).toContain('<deviceType>urn:schemas-upnp-org:device:MediaRenderer:1</deviceType>');
  expect(xml).toContain('<friendlyName>Kitchen &amp; bath</friendlyName>');
  expect(applicationUrl).toBe('http://192.168.1.20:8060/apps/');
  expect((await get('/other'))[0]).toBe(404);
});
