import { gunzipSync } from 'node:zlib';
import { expect } from 'vitest';
import { mappingArgs, soapRequest, text, WANIP2 } from '../gateway.test-support.ts';
import {
  answer,
  description,
  failure,
  faulty,
  field,
  get,
  OPTIONS,
  search,
  testEvery,
  wire,
} from './faults.test-support.ts';
import { WIRE_FAULTS } from './wire-faults.ts';

const STATUS = soapRequest(WANIP2, 'GetExternalIPAddress', '');
const ANSWER =
  '<?xml version="1.0"?>\r\n' +
  '<s:Envelope xmlns:s="http://schemas.xmlsoap.org/soap/envelope/"' +
  ' s:encodingStyle="http://schemas.xmlsoap.org/soap/encoding/"><s:Body>' +
  '<u:GetExternalIPAddressResponse xmlns:u="urn:schemas-upnp-org:service:WANIPConnection:2">' +
  '<NewExternalIPAddress>5.5.5.1</NewExternalIPAddress></u:GetExternalIPAddressResponse></s:Body></s:Envelope>\r\n';
const TYPE = 'CONTENT-TYPE: text/xml; charset="utf-8"\r\n';
const REST = 'CONNECTION: close\r\nSERVER: Linux/6.6 UPnP/1.1 Portwright-simulation/1.0\r\nEXT: \r\n';
const LENGTH = `CONTENT-LENGTH: ${ANSWER.length}\r\n`;
const PLAIN = `HTTP/1.1 200 OK\r\n${TYPE}${LENGTH}${REST}\r\n${ANSWER}`;
const CHUNKS =
  `12c;part=0\r\n${ANSWER.slice(0, 300)}\r\n` +
  `${(ANSWER.length - 300).toString(16)};part=1\r\n${ANSWER.slice(300)}\r\n` +
  '0;last\r\nX-TRAILER: after the body\r\n\r\n';

testEvery(WIRE_FAULTS, {
  'location-refuses-connections': async () => {
    await using router = faulty('location-refuses-connections');
    const [heard] = await search(router);
    const location = field(heard?.message ?? '', 'LOCATION') ?? '';
    expect(location).toBe('http://192.168.1.1:1/description.xml');
    expect(await failure(router, get(location))).toBe('refused');
  },

  'control-refuses-connections': async () => {
    await using router = faulty('control-refuses-connections');
    const urls = [...(await description(router)).matchAll(/<controlURL>(.*?)<\/controlURL>/g)].map(([, url]) => url);
    expect(new Set(urls)).toEqual(new Set(['http://192.168.1.1:1/control']));
    expect(await failure(router, { ...STATUS, url: 'http://192.168.1.1:1/control' })).toBe('refused');
    const ipv6 = await answer(router, get('http://[fd77::1]:5000/description.xml'));
    expect(text(ipv6.body)).toContain('<controlURL>http://[fd77::1]:1/control</controlURL>');
  },

  'reset-after-request': async () => {
    await using router = faulty('reset-after-request');
    expect(await failure(router, soapRequest(WANIP2, 'AddPortMapping', mappingArgs()))).toBe('reset');
    expect(router.mappings()).toMatchObject([{ externalPort: 7777 }]);
    expect(wire(router)).toBe('<reset>');
  },

  'early-half-close': async () => {
    await using router = faulty('early-half-close');
    expect(await failure(router, STATUS)).toBe('truncated');
    expect(wire(router)).toBe(PLAIN.slice(0, PLAIN.length - Math.ceil(ANSWER.length / 2)));
  },

  'slow-loris': async () => {
    await using router = faulty('slow-loris');
    expect(await failure(router, STATUS)).toBe('timeout');
    expect(router.clock.now()).toBe(5_000);
    expect(wire(router)).toBe(PLAIN.replace(/./gs, '<1000 ms>$&'));
    // Whoever waits long enough gets the answer.
    const patient = router.transport.http.request(STATUS, { ...OPTIONS, deadlineMs: 3_600_000 });
    await router.clock.advance('1h');
    expect(text((await patient)._unsafeUnwrap().body)).toBe(ANSWER);
  },

  'http-1.0-without-length': async () => {
    await using router = faulty('http-1.0-without-length');
    const { body, headers } = await answer(router, STATUS);
    expect(text(body)).toBe(ANSWER);
    expect(headers.map(([name]) => name)).toEqual(['CONTENT-TYPE', 'CONNECTION', 'SERVER', 'EXT']);
    expect(wire(router)).toBe(`HTTP/1.0 200 OK\r\n${TYPE}${REST}\r\n${ANSWER}`);
  },

  'chunked-with-extensions': async () => {
    await using router = faulty('chunked-with-extensions');
    expect(text((await answer(router, STATUS)).body)).toBe(ANSWER);
    expect(wire(router)).toBe(`HTTP/1.1 200 OK\r\n${TYPE}${REST}TRANSFER-ENCODING: chunked\r\n\r\n${CHUNKS}`);
  },

  'content-length-too-short': async () => {
    await using router = faulty('content-length-too-short');
    expect(text((await answer(router, STATUS)).body)).toBe(ANSWER);
    expect(wire(router)).toBe(`${PLAIN}\r\n<!-- not counted -->\r\n`);
  },

  'content-length-cuts-the-body': async () => {
    await using router = faulty('content-length-cuts-the-body');
    const half = Math.floor(ANSWER.length / 2);
    expect(text((await answer(router, STATUS)).body)).toBe(ANSWER.slice(0, half));
    expect(wire(router)).toBe(PLAIN.replace(LENGTH, `CONTENT-LENGTH: ${half}\r\n`));
  },

  'content-length-too-long': async () => {
    await using router = faulty('content-length-too-long');
    expect(await failure(router, STATUS)).toBe('truncated');
    expect(wire(router)).toBe(PLAIN.replace(LENGTH, `CONTENT-LENGTH: ${ANSWER.length + 10}\r\n`));
  },

  'content-length-and-chunked': async () => {
    await using router = faulty('content-length-and-chunked');
    expect(text((await answer(router, STATUS)).body)).toBe(ANSWER);
    expect(wire(router)).toBe(
      `HTTP/1.1 200 OK\r\n${TYPE}CONTENT-LENGTH: 10\r\n${REST}TRANSFER-ENCODING: chunked\r\n\r\n${CHUNKS}`,
    );
  },

  'unasked-gzip': async () => {
    await using router = faulty('unasked-gzip');
    expect(await failure(router, STATUS)).toBe('unsupported-encoding');
    const [head = '', body = ''] = wire(router).split(/(?<=\r\n\r\n)/s);
    expect(head).toContain('CONTENT-ENCODING: gzip\r\n');
    expect(head).toContain(`CONTENT-LENGTH: ${body.length}\r\n`);
    expect(gunzipSync(Buffer.from(body, 'latin1')).toString()).toBe(ANSWER);
  },

  '100-continue-first': async () => {
    await using router = faulty('100-continue-first');
    expect(text((await answer(router, STATUS)).body)).toBe(ANSWER);
    expect(wire(router)).toBe(`HTTP/1.1 100 Continue\r\n\r\n${PLAIN}`);
  },
});
