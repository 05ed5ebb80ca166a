/** WANCommonInterfaceConfig and Layer3Forwarding. */
import { answersWith } from '../mutants/mutant.ts';
import { devicesOf } from '@portwright/core';
import { expectThat, inconclusive, missed } from '../shortfall.ts';
import type { Checks } from './check.ts';
import { isUi4, isWord } from './vocabulary.ts';

/** WANCommonInterfaceConfig:1, PhysicalLinkStatus. */
const LINK_STATES = ['Up', 'Down', 'Initializing', 'Unavailable'];
const COUNTERS = ['TotalBytesSent', 'TotalBytesReceived', 'TotalPacketsSent', 'TotalPacketsReceived'];
/** A counter of 32 bits begins again at 0: from above this value to below it is forwards. */
const HALF = 2 ** 31;

export const OTHER_SERVICE_CHECKS: Checks = {
  'wancic/common-link': {
    sentence: 'GetCommonLinkProperties returns a valid PhysicalLinkStatus, and bit rates.',
    clause: 'WANCommonInterfaceConfig:1, GetCommonLinkProperties',
    level: 'must',
    kind: 'read',
    appliesTo: ['WANCommonInterfaceConfig:1'],
    async *check(bench) {
      const link = yield* bench.service('WANCommonInterfaceConfig');
      const values = yield* link.succeed('GetCommonLinkProperties');
      const status = values.get('NewPhysicalLinkStatus') ?? '(absent)';
      yield* expectThat(isWord(status, LINK_STATES), `a PhysicalLinkStatus: ${LINK_STATES.join(', ')}`, status);
      for (const name of ['NewLayer1UpstreamMaxBitRate', 'NewLayer1DownstreamMaxBitRate']) {
        const rate = values.get(name);
        yield* expectThat(isUi4(rate), `${name} in bits per second`, rate ?? '(absent)');
      }
    },
    mutant: {
      what: 'the link is "up"',
      hooks: answersWith('GetCommonLinkProperties', { NewPhysicalLinkStatus: 'up' }),
    },
  },

  'wancic/counters': {
    sentence: 'The traffic counters do not run backwards, or the gateway refuses them with 401 or 602.',
    clause: 'WANCommonInterfaceConfig:1, GetTotalBytesSent and its siblings',
    level: 'may',
    kind: 'read',
    appliesTo: ['WANCommonInterfaceConfig:1'],
    async *check(bench) {
      const link = yield* bench.service('WANCommonInterfaceConfig');
      const earlier = new Map<string, number>();
      for (const times of ['first', 'second']) {
        for (const counter of COUNTERS) {
          const { values, code, summary } = yield* link.call(`Get${counter}`);
          if (code === 401 || code === 602) continue;
          const text = values?.get(`New${counter}`);
          if (!isUi4(text)) return yield* missed(`New${counter} of 32 bits, 401 or 602`, summary);
          const before = earlier.get(counter) ?? 0;
          const isForwards = Number(text) >= before || before - Number(text) > HALF;
          yield* expectThat(isForwards, `${counter} of at least ${before}`, text ?? '');
          earlier.set(counter, Number(text));
        }
        if (times === 'first') await bench.sleep(1_000);
      }
    },
    mutant: {
      what: 'a counter runs backwards',
      hooks: () => {
        let bytes = 1_000_000;
        return {
          action: (call, proceed) => {
            if (call.action !== 'GetTotalBytesSent') return proceed();
            bytes -= 1_000;
            return proceed().map(() => ({ NewTotalBytesSent: bytes }));
          },
        };
      },
    },
  },

  'l3f/default-connection': {
    sentence: 'GetDefaultConnectionService names a device and a service of the description.',
    clause: 'Layer3Forwarding:1, DefaultConnectionService',
    level: 'must',
    kind: 'read',
    appliesTo: ['Layer3Forwarding:1'],
    async *check(bench) {
      const { description } = bench.subject;
      if (description === null) return yield* inconclusive('a description', 'the description can’t be read');
      const forwarding = yield* bench.service('Layer3Forwarding');
      const values = yield* forwarding.succeed('GetDefaultConnectionService');
      const text = values.get('NewDefaultConnectionService') ?? '';
      const [, container = '', id = ''] = /^(uuid:[^,]+),(\S+)$/.exec(text.trim()) ?? [];
      const devices = devicesOf(description.device).filter(({ udn }) => udn !== null && isOf(container, udn));
      const isThere = devices.some(({ services }) => services.some(({ serviceId }) => serviceId === id));
      yield* expectThat(
        isThere,
        'the UDN and type of a described device, a comma, and the id of one of its services',
        text,
      );
    },
    mutant: {
      what: 'the default connection is one that is not described',
      hooks: answersWith('GetDefaultConnectionService', {
        NewDefaultConnectionService: 'uuid:1:WANConnectionDevice:1,x',
      }),
    },
  },
};

/** `uuid:...:WANConnectionDevice:1` names the device with that UDN; some leave the type out. */
function isOf(container: string, udn: string): boolean {
  return container === udn || container.startsWith(`${udn}:`);
}
