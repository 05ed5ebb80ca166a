import { expect } from 'vitest';
import { text } from '../gateway.test-support.ts';
import type { PersonaName } from './index.ts';
import { textsOf } from './persona.test-support.ts';
import { type PersonaCase, searchFor } from './persona-case.test-support.ts';

const ROUTER = '192.168.1.1';
const IGD2 = 'urn:schemas-upnp-org:device:InternetGatewayDevice:2';

const tellsAddress =
  (address: string): PersonaCase =>
  async ({ call, add }) => {
    expect(await call('GetExternalIPAddress')).toEqual({ NewExternalIPAddress: address });
    expect(await add()).toEqual({});
  };

/** What each example of a way of behaving is known by. */
export const BEHAVIOUR_CASES = {
  igd1: async ({ description, connection, add, find }) => {
    expect(description).toContain('<minor>0</minor>');
    expect(connection.type).toBe('urn:schemas-upnp-org:service:WANIPConnection:1');
    expect(await add({ NewLeaseDuration: 0 })).toEqual({});
    expect(await find(7777)).toMatchObject({ NewLeaseDuration: '0' });
  },
  igd2: async ({ description, connection, add, find }) => {
    expect(textsOf(description, 'deviceType')[0]).toBe(IGD2);
    expect(connection.type).toBe('urn:schemas-upnp-org:service:WANIPConnection:2');
    expect(await add({ NewLeaseDuration: 0 })).toEqual({});
    expect(await find(7777)).toMatchObject({ NewLeaseDuration: '604800' });
  },
  'double-nat': tellsAddress('192.168.0.2'),
  cgnat: tellsAddress('100.64.12.34'),
  'zero-external-address': tellsAddress('0.0.0.0'),
  'disconnected-but-maps': async ({ call, add, find }) => {
    expect(await call('GetStatusInfo')).toMatchObject({ NewConnectionStatus: 'Disconnected' });
    expect(await add()).toEqual({});
    expect(await find(7777)).toMatchObject({ NewEnabled: '1' });
  },
  'equal-ports-only': async ({ add }) => {
    expect([await add({ NewInternalPort: 8888 }), await add()]).toEqual([724, {}]);
  },
  'finite-leases-only': async ({ add }) => {
    const leases = [0, 604_801, 604_800];
    expect(await Promise.all(leases.map((lease) => add({ NewLeaseDuration: lease })))).toEqual([402, 402, {}]);
  },
  'empty-description-refused': async ({ add }) => {
    expect([await add({ NewPortMappingDescription: '' }), await add()]).toEqual([-911, {}]);
  },
  'quotes-refused': async ({ add }) => {
    const described = ['a &quot;game&quot;', 'it&apos;s', 'plain'];
    expect(await Promise.all(described.map((words) => add({ NewPortMappingDescription: words })))).toEqual([
      402,
      402,
      {},
    ]);
  },
  'renewal-refused': async ({ add, router }) => {
    expect([await add(), await add()]).toEqual([{}, 718]);
    await router.clock.advance('1h');
    expect(await add()).toEqual({});
  },
  'picky-soapaction': async ({ send, add }) => {
    expect((await send('GetExternalIPAddress', '', undefined, '')).status).toBe(400);
    expect((await send('GetExternalIPAddress')).status).toBe(200);
    expect(await add({ NewProtocol: 'tcp' })).toBe(402);
  },
  'unicast-only': async ({ router }) => {
    expect(await searchFor(router, IGD2)).toEqual([]);
    expect(await searchFor(router, IGD2, ROUTER)).toEqual([IGD2]);
  },
  'rootdevice-only': async ({ router }) => {
    expect(await searchFor(router, IGD2)).toEqual([]);
    expect(await searchFor(router, 'upnp:rootdevice')).toEqual(['upnp:rootdevice']);
  },
  'answers-from-another-port': async ({ router }) => {
    const socket = (await router.transport.datagram.open({ family: 'ipv4' }))._unsafeUnwrap();
    const search = `M-SEARCH * HTTP/1.1\r\nMAN: "ssdp:discover"\r\nMX: 1\r\nST: ${IGD2}\r\n\r\n`;
    (await socket.send(new TextEncoder().encode(search), { address: ROUTER, port: 1900 }))._unsafeUnwrap();
    await router.clock.advance('2s');
    await socket.close();
    const senders: number[] = [];
    for await (const { from } of socket.datagrams) senders.push(from.port);
    expect(senders).toHaveLength(1);
    expect(senders).not.toContain(1900);
  },
  'scpd-missing': async ({ connection, get, add }) => {
    expect((await get(connection.scpdUrl)).status).toBe(404);
    expect(await add()).toEqual({});
  },
  'secure-by-718': async ({ add }) => {
    expect(await add({ NewInternalClient: '192.168.1.77' })).toBe(718);
    expect(await add()).toEqual({});
  },
  'parallel-breaks': async ({ router, connection }) => {
    const request = {
      method: 'POST',
      url: new URL(connection.controlUrl, router.descriptionUrl).href,
      headers: [['SOAPACTION', `"${connection.type}#GetExternalIPAddress"`]],
      body: new TextEncoder().encode(
        '<s:Envelope xmlns:s="http://schemas.xmlsoap.org/soap/envelope/"><s:Body>' +
          `<u:GetExternalIPAddress xmlns:u="${connection.type}"/></s:Body></s:Envelope>`,
      ),
    } as const;
    const ask = async (): Promise<string> =>
      (await router.transport.http.request(request, { deadlineMs: 60_000, maxBodyBytes: 10_000 })).match(
        ({ body }) => (text(body).includes('5.5.5.1') ? 'answered' : text(body)),
        ({ code }) => code,
      );
    expect(await Promise.all([ask(), ask()])).toEqual(['answered', 'reset']);
    expect(await ask()).toBe('answered');
  },
} as const satisfies Partial<Record<PersonaName, PersonaCase>>;
