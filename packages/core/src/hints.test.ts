import { describe, expect, it } from 'vitest';
import { checkGatewayUrl, checkLocation, checkRedirect } from './description/location-policy.ts';
import type { MalformedError, PolicyErrorCode, TransportErrorCode } from './errors.ts';
import { malformedHints, policyTexts, transportHints, withHint } from './hints.ts';
import { commonFaults, connectionFaults, faultHints, firewallFaults, forwardingFaults } from './igd/fault-codes.ts';
import { malformed } from './malformed.ts';
import { httpStatusError } from './soap/response.ts';

const hints = [
  ...Object.values(transportHints),
  ...Object.values(malformedHints),
  ...Object.values(policyTexts).map(([, hint]) => hint),
  ...Object.values(faultHints),
];

describe('hints', () => {
  it.each([...new Set(hints)])('%s', (hint) => {
    expect(hint).toMatch(/^[A-Z].*\.$/);
    expect(hint.split(/(?<=\.) /).every((sentence) => sentence.split(' ').length <= 25)).toBe(true);
  });

  it('for UPnP errors name errors that exist', () => {
    const names = [commonFaults, connectionFaults, firewallFaults, forwardingFaults].flatMap((one) =>
      Object.values(one),
    );
    expect(names).toEqual(expect.arrayContaining(Object.keys(faultHints)));
  });

  it('are completed where an adapter gave none', () => {
    const error = { kind: 'transport', code: 'refused', message: 'x' } as const;
    expect(withHint(error)).toEqual({ ...error, hint: transportHints.refused });
    expect(withHint({ ...error, hint: 'Do this.' }).hint).toBe('Do this.');
    expect(withHint({ ...error, code: 'aborted' }).hint).toBeUndefined();
  });

  it.each<readonly [TransportErrorCode, string | undefined]>([
    ['refused', 'search for the router again'],
    ['reset', 'Try again'],
    ['truncated', 'Try again'],
    ['unreachable', "in the router's network"],
    ['timeout', 'longer timeout'],
    ['aborted', undefined],
    ['too-large', 'firmware'],
    ['not-http', 'Check the port'],
    ['unsupported-encoding', 'firmware'],
    ['http-status', 'search for the router again'],
    ['address-in-use', 'Close the other program'],
    ['no-address', undefined],
    ['no-such-interface', 'list the interfaces again'],
    ['not-permitted', 'firewall'],
    ['failed', 'system error code'],
  ])('after the transport error %s: %s', (code, words) => {
    const { hint } = withHint({ kind: 'transport', code, message: 'x' });
    if (words === undefined) expect(hint).toBeUndefined();
    else expect(hint).toContain(words);
  });

  it.each<readonly [MalformedError['code'], string]>([
    ['datagram', 'Ignore it'],
    ['xml', 'firmware'],
    ['description', 'Check that the URL'],
    ['response', 'firmware'],
    // The router may have carried the request out.
    ['empty', 'Check first whether the router did it'],
    ['value', 'firmware'],
  ])('after malformed data of the code %s: %s', (code, words) => {
    expect(malformed(code, 'a', 'b', 'c').hint).toContain(words);
  });

  const policy = { responder: '192.168.1.1', interfaces: [] };
  it.each([
    ['not-http', checkGatewayUrl('ftp://192.168.1.1/'), 'not an http URL', 'starts with http://'],
    ['user-information', checkGatewayUrl('http://a@192.168.1.1/'), 'a user name', 'before the @'],
    ['host-name', checkGatewayUrl('http://fritz.box/'), 'a host name', 'the IP address'],
    ['bad-url', checkGatewayUrl('http://192.168.1.1:x/'), 'not a valid URL', 'Write it as http://'],
    ['foreign-host', checkLocation('http://192.168.1.2/', policy), 'another host', 'firmware'],
    ['public-address', checkLocation('http://8.8.8.8/', policy), 'a public address', 'in the local network'],
    ['off-link-address', checkLocation('http://127.0.0.1/', policy), 'not in this network', 'in the local network'],
    ['low-port', checkLocation('http://192.168.1.1:22/', policy), 'below 1024', 'if you trust'],
    ['redirect-refused', checkRedirect('/', 'http://192.168.1.1/', 1), 'redirect is not safe', 'router redirects'],
  ] as const satisfies readonly (readonly [PolicyErrorCode, ...unknown[]])[])(
    'after a URL that is refused as %s',
    (code, checked, reason, words) => {
      const error = checked._unsafeUnwrapErr();
      expect(error.code).toBe(code);
      expect(error.message).toContain(reason);
      expect(error.hint).toContain(words);
    },
  );

  it('belong to errors of every kind', () => {
    expect(malformed('xml', 'a', 'b', '')).toMatchObject({
      message: 'malformed xml at b: expected a, found nothing',
      hint: malformedHints.xml,
    });
    expect(malformed('empty', 'a', 'b', 'c').message).toBe('malformed response at b: expected a, found "c"');
    expect(checkGatewayUrl('ftp://192.168.1.1/')._unsafeUnwrapErr()).toMatchObject({
      message: '"ftp://192.168.1.1/" is not allowed: it is not an http URL',
      hint: 'Use a URL that starts with http://.',
    });
    expect(httpStatusError(403).hint).toContain('Allow UPnP');
    expect(httpStatusError(404).hint).toBe(transportHints['http-status']);
  });
});
