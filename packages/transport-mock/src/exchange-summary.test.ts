import type { HttpRequest } from '@portwright/core';
import { describe, expect, test } from 'vitest';
import { summarizeExchange } from './exchange-summary.ts';
import type { Exchange, HttpExchange } from './recording.ts';

const bytes = (text: string): Uint8Array => new TextEncoder().encode(text);

function request(action: string, args: string): HttpRequest {
  return {
    method: 'POST',
    url: 'http://10.0.0.1:5000/control/WANIPConn1',
    headers: [['SoapAction', `"urn:schemas-upnp-org:service:WANIPConnection:1#${action}"`]],
    body: bytes(`<s:Envelope xmlns:s="x"><s:Body><u:${action} xmlns:u="y">${args}</u:${action}></s:Body></s:Envelope>`),
  };
}

function answer(status: number, body = ''): HttpExchange['outcome'] {
  return { kind: 'response', response: { status, headers: [], body: bytes(body) }, delayMs: 0 };
}

function http(asked: HttpRequest, outcome: HttpExchange['outcome'], faults: readonly string[] = []): HttpExchange {
  return { kind: 'http', at: 0, from: '10.0.0.2', request: asked, outcome, faults };
}

function search(payload: string, answers: number): Exchange {
  const from = { address: '10.0.0.2', port: 40_000 };
  const to = { address: '239.255.255.250', port: 1900 };
  const sent = Array.from({ length: answers }, () => bytes('HTTP/1.1 200 OK\r\n\r\n'));
  return { kind: 'search', at: 0, from, to, payload: bytes(payload), answers: sent, faults: [] };
}

const MAPPING =
  '<NewRemoteHost></NewRemoteHost><NewExternalPort>7777</NewExternalPort><NewProtocol>UDP</NewProtocol>' +
  '<NewInternalPort>7778</NewInternalPort><NewInternalClient>10.0.0.2</NewInternalClient><NewEnabled>1</NewEnabled>' +
  '<NewPortMappingDescription>a game</NewPortMappingDescription><NewLeaseDuration>3600</NewLeaseDuration>';

describe('what was asked', () => {
  test.each([
    ['AddPortMapping', MAPPING, 'AddPortMapping UDP 7777 -> 10.0.0.2:7778, 3600 s'],
    ['AddAnyPortMapping', MAPPING, 'AddAnyPortMapping UDP 7777 -> 10.0.0.2:7778, 3600 s'],
    [
      'AddPortMapping',
      MAPPING.replace('>3600<', '>0<').replace('<NewRemoteHost>', '<NewRemoteHost>5.5.5.2'),
      'AddPortMapping UDP 7777 from 5.5.5.2 -> 10.0.0.2:7778, permanent',
    ],
    [
      'DeletePortMapping',
      '<NewRemoteHost/><NewExternalPort>7777</NewExternalPort><NewProtocol>TCP</NewProtocol>',
      'DeletePortMapping TCP 7777',
    ],
    ['GetGenericPortMappingEntry', '<NewPortMappingIndex>3</NewPortMappingIndex>', 'GetGenericPortMappingEntry 3'],
    ['GetExternalIPAddress', '', 'GetExternalIPAddress'],
    ['AddPortMapping', 'no XML at all', 'AddPortMapping ? ? -> ?:?, ? s'],
    [
      'AddPinhole',
      '<RemoteHost></RemoteHost><RemotePort>0</RemotePort><InternalClient>fd77::2</InternalClient>' +
        '<InternalPort>8080</InternalPort><Protocol>6</Protocol><LeaseTime>600</LeaseTime>',
      'AddPinhole protocol 6 -> [fd77::2]:8080, 600 s',
    ],
  ])('%s', (action, args, words) => {
    expect(summarizeExchange(http(request(action, args), answer(200))).request).toBe(words);
  });

  test('a document, by its path', () => {
    const get: HttpRequest = { method: 'GET', url: 'http://10.0.0.1:5000/d.xml?x', headers: [], body: bytes('') };
    expect(summarizeExchange(http(get, answer(404)))).toEqual({
      client: '10.0.0.2',
      request: 'GET /d.xml?x',
      answer: 'HTTP 404',
      isOk: false,
    });
  });

  test('a search, and how many answers it got', () => {
    const wanted = 'M-SEARCH * HTTP/1.1\r\nHOST: 239.255.255.250:1900\r\nst:upnp:rootdevice\r\n\r\n';
    expect(summarizeExchange(search(wanted, 1))).toMatchObject({
      request: 'M-SEARCH upnp:rootdevice',
      answer: '1 answer',
    });
    expect(summarizeExchange(search(wanted, 12))).toMatchObject({ answer: '12 answers', isOk: true });
    expect(summarizeExchange(search(wanted, 0))).toMatchObject({ answer: 'no answer', isOk: false });
  });

  test.each([
    ['an announcement of another device', 'NOTIFY * HTTP/1.1\r\nNTS: ssdp:alive\r\n\r\n', 'NOTIFY ssdp:alive'],
    ['anything else, by its first line', 'garbage\r\n\u001b', 'garbage'],
    ['nothing', '', ''],
  ])('%s', (_name, payload, words) => {
    expect(summarizeExchange(search(payload, 0))).toMatchObject({ request: words, answer: 'no answer', isOk: false });
  });

  test('an event for a subscriber', () => {
    const notify: HttpRequest = { method: 'NOTIFY', url: 'http://[fd77::2]:4000/e', headers: [], body: bytes('') };
    const event: Exchange = {
      kind: 'event',
      at: 0,
      from: 'fd77::1',
      request: notify,
      outcome: answer(200),
      faults: [],
    };
    expect(summarizeExchange(event)).toEqual({ client: 'fd77::2', request: 'NOTIFY /e', answer: 'ok', isOk: true });
    expect(summarizeExchange({ ...event, outcome: null })).toMatchObject({
      answer: 'no host at that address',
      isOk: false,
    });
  });

  test('what was no request, by its first line', () => {
    const response = { status: 400, headers: [], body: bytes('the request line is not HTTP\r\n') };
    const received = bytes('\u0016\u0003\u0001 TLS\r\nmore');
    const garbage: Exchange = { kind: 'garbage', at: 0, from: '10.0.0.2', received, response, faults: [] };
    expect(summarizeExchange(garbage)).toEqual({
      client: '10.0.0.2',
      request: 'not an HTTP request:   TLS',
      answer: 'HTTP 400, the request line is not HTTP',
      isOk: false,
    });
  });

  test('what could steer a terminal is left out, and what is long is cut', () => {
    const nasty = request(
      'AddPortMapping',
      MAPPING.replace('10.0.0.2', `\u001b[2J\u202e\u200b\u{e0041}${'9'.repeat(5_000)}`),
    );
    const words = summarizeExchange(http(nasty, answer(200))).request;
    expect(words).not.toMatch(/[\u0000-\u001f\u007f-\u009f\u202e\u200b\u{e0041}]/u);
    expect(words).toMatch(/^AddPortMapping UDP 7777 -> {1,2}\[2J 9+…$/);
    expect(words).toHaveLength(100);
  });
});

describe('what was answered', () => {
  const asked = request('AddPortMapping', MAPPING);
  const FAULT =
    '<s:Fault><detail><UPnPError xmlns="urn:schemas-upnp-org:control-1-0"><errorCode>718</errorCode>' +
    '<errorDescription>ConflictInMappingEntry</errorDescription></UPnPError></detail></s:Fault>';

  test.each([
    ['success', answer(200, '<u:AddPortMappingResponse/>'), [], 'ok'],
    ['a refusal', answer(500, FAULT), [], '718 ConflictInMappingEntry'],
    ['a refusal under the wrong status', answer(200, FAULT), [], '718 ConflictInMappingEntry'],
    ['an HTTP error', answer(503), [], 'HTTP 503'],
    [
      'a broken connection, and why',
      { kind: 'failure', code: 'reset', cause: 'ECONNRESET', delayMs: 0 },
      ['reset-after-request'],
      'reset (fault reset-after-request)',
    ],
    ['silence', { ...answer(200), delayMs: Infinity }, ['silence'], 'no answer (fault silence)'],
    ['a late answer', { ...answer(200), delayMs: 3_000 }, ['slow', 'other'], 'ok after 3000 ms (fault slow, other)'],
  ] as const)('%s', (_name, outcome, faults, words) => {
    expect(summarizeExchange(http(asked, outcome, faults)).answer).toBe(words);
  });
});
