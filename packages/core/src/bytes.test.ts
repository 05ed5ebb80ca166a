import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { decodeUtf8, encodeUtf8 } from './bytes.ts';

const bytes = (...values: number[]): Uint8Array => Uint8Array.from(values);

describe('UTF-8', () => {
  const cases: [string, string, Uint8Array][] = [
    ['nothing', '', bytes()],
    ['one byte', 'a\u007f', bytes(0x61, 0x7f)],
    ['two bytes', '\u0080é\u07ff', bytes(0xc2, 0x80, 0xc3, 0xa9, 0xdf, 0xbf)],
    ['three bytes', '\u0800€\uffff', bytes(0xe0, 0xa0, 0x80, 0xe2, 0x82, 0xac, 0xef, 0xbf, 0xbf)],
    ['around the surrogates', '\ud7ff\ue000', bytes(0xed, 0x9f, 0xbf, 0xee, 0x80, 0x80)],
    ['four bytes', '😀\u{10ffff}', bytes(0xf0, 0x9f, 0x98, 0x80, 0xf4, 0x8f, 0xbf, 0xbf)],
  ];

  it.each(cases)('encodes %s', (_name, text, encoded) => {
    expect(encodeUtf8(text)).toEqual(encoded);
  });

  it.each(cases)('decodes %s', (_name, text, encoded) => {
    expect(decodeUtf8(encoded)).toBe(text);
  });

  it('encodes any text as the platform does', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (text) => {
        expect(encodeUtf8(text)).toEqual(new Uint8Array(new TextEncoder().encode(text)));
      }),
    );
  });

  it('encodes a lone surrogate as U+FFFD, as the platform does', () => {
    expect(encodeUtf8('a\ud800b\udc00')).toEqual(bytes(0x61, 0xef, 0xbf, 0xbd, 0x62, 0xef, 0xbf, 0xbd));
  });

  it('decodes valid bytes as the platform does', () => {
    const platform = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (text) => {
        const encoded = encodeUtf8(text);
        expect(decodeUtf8(encoded)).toBe(platform.decode(encoded));
      }),
    );
  });

  it('crosses its own block size without a seam', () => {
    const text = 'aé€😀'.repeat(5000);
    expect(decodeUtf8(encodeUtf8(text))).toBe(text);
  });
});

describe('bytes that are not UTF-8', () => {
  it.each([
    ['Latin-1 (a friendlyName that says it is UTF-8)', bytes(0x42, 0xf6, 0x78, 0x3c), 'Böx<'],
    ['Latin-1 at the end', bytes(0x63, 0x61, 0x66, 0xe9), 'café'],
    ['a continuation byte alone', bytes(0x80, 0xbf), '\u0080¿'],
    ['an overlong slash', bytes(0xc0, 0xaf), 'À¯'],
    ['an overlong form of three bytes', bytes(0xe0, 0x80, 0xaf), 'à\u0080¯'],
    ['an overlong form of four bytes', bytes(0xf0, 0x80, 0x80, 0xaf), 'ð\u0080\u0080¯'],
    ['a surrogate', bytes(0xed, 0xa0, 0x80), 'í\u00a0\u0080'],
    ['beyond U+10FFFF', bytes(0xf4, 0x90, 0x80, 0x80), 'ô\u0090\u0080\u0080'],
    ['a cut sequence', bytes(0xe2, 0x82), 'â\u0082'],
    ['bytes that never occur', bytes(0xfe, 0xff), 'þÿ'],
  ])('are read as Latin-1: %s', (_name, input, text) => {
    expect(decodeUtf8(input)).toBe(text);
  });

  it('never fail, and ASCII among them stays what it is', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 64 }), (input) => {
        const text = decodeUtf8(input);
        const ascii = (codes: Iterable<number>): number[] => [...codes].filter((code) => code < 0x80);
        expect(ascii(Array.from(text, (character) => character.codePointAt(0) ?? 0))).toEqual(ascii(input));
      }),
    );
  });
});
