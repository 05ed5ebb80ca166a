import { expect, test } from 'vitest';
import { simulateGateway } from '../simulate-gateway.ts';
import type { FaultName } from './catalogue.ts';
import type { InjectOptions } from './fault.ts';

test.each<readonly [FaultName, InjectOptions, RegExp]>([
  ['http-401', { nth: 0 }, /^http-401: nth must be a whole number from 1, not 0$/],
  ['http-401', { nth: 1.5 }, /nth must be a whole number from 1, not 1\.5/],
  ['http-401', { nth: Infinity }, /nth must be a finite number/],
  ['http-401', { times: -1 }, /times must be a whole number from 1, not -1/],
  ['http-401', { probability: 2 }, /probability must be above 0 and at most 1, not 2/],
  ['http-401', { probability: 0 }, /probability must be above 0/],
  ['http-401', { probability: NaN }, /probability must be above 0/],
  ['http-401', { after: -1 }, /not a valid duration: -1/],
  ['http-401', { until: '1 h' }, /not a valid duration: 1 h/],
  ['http-401', { after: '2m', until: '90s' }, /end \(until 90000 ms\) before it starts \(after 120000 ms\)/],
  ['http-401', { on: 'AddPortMaping' }, /no action or request AddPortMaping; it has: description, scpd, /],
  ['http-401', { on: 'search' }, /^http-401: it does not apply to search; it applies to: control$/],
  ['udp-loss', { on: 'AddPortMapping' }, /does not apply to AddPortMapping; it applies to: search/],
  ['empty-answer', { on: 'GetStatusInfo' }, /it applies to: AddPortMapping, DeletePortMapping$/],
])('%s with %o is refused', (fault, options, message) => {
  const router = simulateGateway();
  expect(() => router.inject(fault, options)).toThrow(RangeError);
  expect(() => router.inject(fault, options)).toThrow(message);
});

test('an action that this gateway lacks is none that a fault could happen to', () => {
  const router = simulateGateway({ igdVersion: 1 });
  expect(() => router.inject('http-401', { on: 'AddAnyPortMapping' })).toThrow(/it has: .*AddPortMapping/);
  const poor = simulateGateway({ omittedActions: ['SetConnectionType'] });
  expect(() => poor.inject('http-401', { on: 'SetConnectionType' })).toThrow(RangeError);
});

test('an unknown fault is refused, with those that come near its name', () => {
  const router = simulateGateway();
  const inject = (name: string) => () => router.inject(name as FaultName);
  expect(inject('http-402')).toThrow(/^there is no fault 'http-402'; similar names: .*http-401/);
  expect(inject('toString')).toThrow(RangeError);
  expect(inject('x')).toThrow(/the names are: udp-loss, /);
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
