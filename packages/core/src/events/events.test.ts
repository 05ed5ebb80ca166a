import { describe, expect, it } from 'vitest';
import type { HttpRequest } from '../messages.ts';
import { decodeNotification, nextSeq } from './notification.ts';
import { decodeSubscription, encodeRenewal, encodeSubscribe, encodeUnsubscribe } from './subscription.ts';

const EVENT_URL = 'http://192.168.1.1:5000/event/WANIPConn1';
const bytes = (text: string): Uint8Array => new TextEncoder().encode(text);

describe('requests', () => {
  it('SUBSCRIBE', () => {
    expect(encodeSubscribe(EVENT_URL, 'http://192.168.1.2:4711/a1b2', 1800)._unsafeUnwrap()).toEqual({
      method: 'SUBSCRIBE',
      url: EVENT_URL,
      headers: [
        ['Host', '192.168.1.1:5000'],
        ['CALLBACK', '<http://192.168.1.2:4711/a1b2>'],
        ['NT', 'upnp:event'],
        ['TIMEOUT', 'Second-1800'],
        ['Connection', 'close'],
      ],
      body: new Uint8Array(0),
    });
  });

  it('a renewal has the SID, and neither CALLBACK nor NT', () => {
    expect(encodeRenewal(EVENT_URL, 'uuid:1', 300)._unsafeUnwrap().headers).toEqual([
      ['Host', '192.168.1.1:5000'],
      ['SID', 'uuid:1'],
      ['TIMEOUT', 'Second-300'],
      ['Connection', 'close'],
    ]);
  });

  it('UNSUBSCRIBE', () => {
    const { method, headers } = encodeUnsubscribe(EVENT_URL, 'uuid:1')._unsafeUnwrap();
    expect([method, headers[1]]).toEqual(['UNSUBSCRIBE', ['SID', 'uuid:1']]);
  });

  it.each([
    ['an event URL that is none', encodeUnsubscribe('/event', 'uuid:1'), 'eventUrl'],
    ['a SID that would start a header', encodeUnsubscribe(EVENT_URL, 'a\r\nb: c'), 'sid'],
    [
      'a callback that would end its brackets',
      encodeSubscribe(EVENT_URL, 'http://192.168.1.2/><http://8.8.8.8/', 1),
      'callback',
    ],
    ['a callback that is no URL', encodeSubscribe(EVENT_URL, 'mailto:a', 1), 'callback'],
    ['no time', encodeSubscribe(EVENT_URL, 'http://192.168.1.2/', 0), 'timeoutSeconds'],
  ])('refuses %s', (_what, result, argument) => {
    expect(result._unsafeUnwrapErr()).toMatchObject({ kind: 'invalid-argument', argument });
  });
});

describe('the answer to SUBSCRIBE', () => {
  const answer = (status: number, ...headers: (readonly [string, string])[]) =>
    decodeSubscription({ status, headers, body: new Uint8Array(0) });

  it.each([
    ['Second-300', 300],
    ['second-300', 300],
    ['Second-infinite', null],
    ['infinite', null],
    ['', 1800],
    ['soon', 1800],
    ['Second-0', 1],
  ])('TIMEOUT %s is %s', (timeout, timeoutSeconds) => {
    expect(answer(200, ['sid', ' uuid:1 '], ['Timeout', timeout])._unsafeUnwrap()).toEqual({
      sid: 'uuid:1',
      timeoutSeconds,
    });
  });

  it('without a SID is none', () => {
    expect(answer(200)._unsafeUnwrapErr()).toMatchObject({ kind: 'malformed' });
    expect(answer(412, ['SID', 'uuid:1'])._unsafeUnwrapErr()).toMatchObject({ code: 'http-status', status: 412 });
  });
});

describe('NOTIFY', () => {
  const BODY =
    '<?xml version="1.0"?><e:propertyset xmlns:e="urn:schemas-upnp-org:event-1-0">' +
    '<e:property><ExternalIPAddress>5.5.5.1</ExternalIPAddress></e:property>' +
    '<e:property><PortMappingNumberOfEntries>3</PortMappingNumberOfEntries></e:property></e:propertyset>';
  const HEADERS = [
    ['HOST', '192.168.1.2:4711'],
    ['NT', 'upnp:event'],
    ['NTS', 'upnp:propchange'],
    ['SID', 'uuid:1'],
    ['SEQ', '7'],
  ] as const;
  const notify: HttpRequest = {
    method: 'NOTIFY',
    url: 'http://192.168.1.2:4711/',
    headers: HEADERS,
    body: bytes(BODY),
  };
  const without = (name: string): HttpRequest => ({
    ...notify,
    headers: HEADERS.filter((header) => header[0] !== name),
  });
  const withValue = (name: string, value: string): HttpRequest => ({
    ...notify,
    headers: [...without(name).headers, [name, value]],
  });

  it('brings the variables that have changed', () => {
    const { sid, seq, properties } = decodeNotification(notify)._unsafeUnwrap();
    expect([sid, seq, Object.fromEntries(properties)]).toEqual([
      'uuid:1',
      7,
      { ExternalIPAddress: '5.5.5.1', PortMappingNumberOfEntries: '3' },
    ]);
  });

  it.each([
    ['another method', { ...notify, method: 'POST' }, 405],
    ['no NT', without('NT'), 400],
    ['no NTS', without('NTS'), 400],
    ['another NTS', withValue('NTS', 'ssdp:alive'), 412],
    ['no SID', without('SID'), 412],
    ['no SEQ', without('SEQ'), 400],
    ['a SEQ beyond 32 bits', withValue('SEQ', '4294967296'), 400],
    ['a SEQ that is negative', withValue('SEQ', '-1'), 400],
    ['no body', { ...notify, body: new Uint8Array(0) }, 400],
    ['another document', { ...notify, body: bytes('<html></html>') }, 400],
    ['a DOCTYPE', { ...notify, body: bytes(`<!DOCTYPE a>${BODY}`) }, 400],
  ])('%s is refused with its status', (_what, request, status) => {
    expect(decodeNotification(request)._unsafeUnwrapErr().status).toBe(status);
  });

  it('every part of one that lacks its end is refused', () => {
    for (let end = 0; end < BODY.length; end += 1) {
      expect(decodeNotification({ ...notify, body: bytes(BODY.slice(0, end)) }).isErr()).toBe(true);
    }
  });

  it('the key after the last is 1', () => {
    expect([nextSeq(0), nextSeq(4_294_967_294), nextSeq(4_294_967_295)]).toEqual([1, 4_294_967_295, 1]);
  });
});
