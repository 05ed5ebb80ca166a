import { expect, test } from 'vitest';
import { SubscriptionTable } from './subscription-table.ts';

const WHERE = { eventPath: '/event/WANIPConn1', callbacks: ['http://192.168.1.2:8058/'] };

function table(): { readonly table: SubscriptionTable; readonly pass: (seconds: number) => void } {
  let now = 0;
  return {
    table: new SubscriptionTable(() => now),
    pass: (seconds) => {
      now += seconds * 1000;
    },
  };
}

test('a subscription runs out when its time is up, and not before', () => {
  const { table: subscriptions, pass } = table();
  const subscription = subscriptions.add({ sid: 'uuid:a', ...WHERE }, 1800);
  pass(1799.999);
  expect(subscriptions.find('uuid:a', '/event/WANIPConn1')).toBe(subscription);
  expect([subscriptions.size, subscriptions.has(subscription)]).toEqual([1, true]);
  pass(0.001);
  expect(subscriptions.find('uuid:a', '/event/WANIPConn1')).toBeNull();
  expect([subscriptions.size, subscriptions.has(subscription), subscriptions.all()]).toEqual([0, false, []]);
});

test('renewing counts from now', () => {
  const { table: subscriptions, pass } = table();
  const subscription = subscriptions.add({ sid: 'uuid:a', ...WHERE }, 1800);
  pass(1000);
  subscriptions.renew(subscription, 1800);
  pass(1799);
  expect(subscriptions.size).toBe(1);
  pass(1);
  expect(subscriptions.size).toBe(0);
});

test('a SID is of one service, and is known until it is removed', () => {
  const { table: subscriptions } = table();
  const one = subscriptions.add({ sid: 'uuid:a', ...WHERE }, 1800);
  const two = subscriptions.add({ sid: 'uuid:b', ...WHERE }, 1800);
  expect(subscriptions.find('uuid:a', '/event/L3Forwarding1')).toBeNull();
  expect(subscriptions.find('uuid:A', '/event/WANIPConn1')).toBeNull();
  expect(subscriptions.all()).toEqual([one, two]);
  subscriptions.remove(one);
  expect(subscriptions.find('uuid:a', '/event/WANIPConn1')).toBeNull();
  expect([subscriptions.size, subscriptions.granted]).toEqual([1, 2]);
});
