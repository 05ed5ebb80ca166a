/** WANCommonInterfaceConfig and Layer3Forwarding. */
import { devicesOf } from '@portwright/core';
import { expectThat, inconclusive, missed } from '../shortfall.ts';
import type { Cases } from './case.ts';
import { isUi4, isWord } from './vocabulary.ts';

/** WANCommonInterfaceConfig:1, PhysicalLinkStatus. */
const LINK_STATES = ['Up', 'Down', 'Initializing', 'Unavailable'];
const COUNTERS = ['TotalBytesSent', 'TotalBytesReceived', 'TotalPacketsSent', 'TotalPacketsReceived'];
/** A counter of 32 bits begins again at 0: from above this value to below it is forwards. */
const HALF = 2 ** 31;

export const OTHER_SERVICE_CASES: Cases = {
  async *'wancic/common-link'(bench) {
    const link = yield* bench.service('WANCommonInterfaceConfig');
    const values = yield* link.succeed('GetCommonLinkProperties');
    const status = values.get('NewPhysicalLinkStatus') ?? '(absent)';
    yield* expectThat(isWord(status, LINK_STATES), `a PhysicalLinkStatus: ${LINK_STATES.join(', ')}`, status);
    for (const name of ['NewLayer1UpstreamMaxBitRate', 'NewLayer1DownstreamMaxBitRate']) {
      const rate = values.get(name);
      yield* expectThat(isUi4(rate), `${name} in bits per second`, rate ?? '(absent)');
    }
  },

  async *'wancic/counters'(bench) {
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

  async *'l3f/default-connection'(bench) {
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
};

/** `uuid:...:WANConnectionDevice:1` names the device with that UDN; some leave the type out. */
function isOf(container: string, udn: string): boolean {
  return container === udn || container.startsWith(`${udn}:`);
}
