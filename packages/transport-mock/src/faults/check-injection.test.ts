import { expect, test } from 'vitest';
import { simulateGateway } from '../simulate-gateway.ts';
import type { FaultName } from './catalogue.ts';
import type { InjectOptions } from './fault.ts';

test.each<readonly [FaultName, InjectOptions, RegExp]>([
  ['http-401', { nth: 0 }, /^http-401: nth counts from 1, and is 0$/],
  ['http-401', { nth: 1.5 }, /nth counts from 1, and is 1.5/],
  ['http-401', { nth: Infinity }, /nth counts from 1, and is Infinity/],
  ['http-401', { times: -1 }, /times counts from 1, and is -1/],
  ['http-401', { probability: 2 }, /probability is above 0 and at most 1, and is 2/],
  ['http-401', { probability: 0 }, /probability is above 0/],
  ['http-401', { probability: NaN }, /probability is above 0/],
  ['http-401', { after: -1 }, /not a duration: -1/],
  ['http-401', { until: '1 h' }, /not a duration: 1 h/],
  ['http-401', { after: '2m', until: '90s' }, /over \(until 90000 ms\) before it began \(after 120000 ms\)/],
  [
    'http-401',
    { on: 'AddPortMaping' },
    /no action and knows no request AddPortMaping\. There are: description, scpd, /,
  ],
  ['http-401', { on: 'search' }, /^http-401: it can't happen to search\. It happens to: control$/],
  ['udp-loss', { on: 'AddPortMapping' }, /can't happen to AddPortMapping\. It happens to: search/],
  ['empty-answer', { on: 'GetStatusInfo' }, /It happens to: AddPortMapping, DeletePortMapping$/],
])('%s with %o is refused', (fault, options, message) => {
  const router = simulateGateway();
  expect(() => router.inject(fault, options)).toThrow(RangeError);
  expect(() => router.inject(fault, options)).toThrow(message);
});

test('an action that this gateway lacks is none that a fault could happen to', () => {
  const router = simulateGateway({ igdVersion: 1 });
  expect(() => router.inject('http-401', { on: 'AddAnyPortMapping' })).toThrow(/There are: .*AddPortMapping/);
  const poor = simulateGateway({ omittedActions: ['SetConnectionType'] });
  expect(() => poor.inject('http-401', { on: 'SetConnectionType' })).toThrow(RangeError);
});

test('an unknown fault is refused, with those that come near its name', () => {
  const router = simulateGateway();
  const inject = (name: string) => () => router.inject(name as FaultName);
  expect(inject('http-402')).toThrow(/^there is no fault 'http-402'; near it: .*http-401/);
  expect(inject('toString')).toThrow(RangeError);
  expect(inject('x')).toThrow(/all of them: udp-loss, /);
});

test.each<readonly [FaultName, InjectOptions]>([
  ['http-401', { on: 'control', nth: 3, times: 1, after: 0, until: '1h', probability: 1, seed: 0 }],
  ['http-401', { on: 'AddPortMapping', times: Infinity }],
  ['empty-answer', { on: 'control' }],
  ['reboot', { on: 'search' }],
  ['trailing-nul', { on: 'event' }],
])('%s with %o is taken', (fault, options) => {
  expect(simulateGateway().inject(fault, options).name).toBe(fault);
});
