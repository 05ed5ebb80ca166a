import { expect, test } from 'vitest';
import { completeGatewayOptions, mergeGatewayOptions } from './gateway-options.ts';

test('later options count, groups each for itself, and what is undefined was not given', () => {
  expect(
    mergeGatewayOptions(
      { capacity: 1, httpPort: 1, refusals: { full: 501, conflict: 1 }, reports: { lease: 5 } },
      { capacity: 2, httpPort: undefined, refusals: { full: 'ignored', conflict: undefined } },
      { answers: { actionPrefix: 'm' } },
    ),
  ).toEqual({
    capacity: 2,
    httpPort: 1,
    natPmp: {},
    pcp: {},
    refusals: { full: 'ignored', conflict: 1 },
    reports: { lease: 5 },
    answers: { actionPrefix: 'm' },
    description: {},
  });
});

test('what is not given is by the book of the version', () => {
  const { description, answers, reports, refusals } = completeGatewayOptions({
    igdVersion: 1,
    answers: { lineEnd: '\n' },
  });
  expect(description).toMatchObject({ specVersion: '1.0', path: '/description.xml', urlBase: null, hasScpds: true });
  expect(description.outline.type).toBe('InternetGatewayDevice:1');
  expect(answers).toMatchObject({ envelopePrefix: 's', lineEnd: '\n', namespace: null });
  expect(reports).toMatchObject({ lease: null, hasZeroRow: false });
  expect(refusals).toEqual({});
  expect(completeGatewayOptions({}).description.specVersion).toBe('1.1');
});
