import { describe, expect, it } from 'vitest';
import { checkGatewayUrl } from './description/location-policy.ts';
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
