import { describe, expect, test } from 'vitest';
import { checkGateway, flagged, resultOf } from '../mutants/mutant.test-support.ts';
import { type Mutant } from '../mutants/mutant.ts';

test('a gateway that has other URLs after each boot is rebooted last', async () => {
  const report = await checkGateway({ what: '', options: { description: { controlUrl: '/{digits:9}/{id}' } } });
  expect(resultOf(report, 'ssdp/alive-byebye')).toMatchObject({ verdict: 'pass' });
  expect(resultOf(report, 'wanip/add-ext-wildcard')).toMatchObject({ verdict: 'pass' });
  expect(report).toMatchObject({ isGood: true });
});

describe('the services that are checked', () => {
  const two: Mutant = {
    what: '',
    options: {
      connectionService: 'ip',
      description: {
        outline: {
          type: 'InternetGatewayDevice:2',
          services: [{ type: 'Layer3Forwarding:1', id: 'L3Forwarding1' }],
          devices: [
            {
              type: 'WANDevice:2',
              services: [{ type: 'WANCommonInterfaceConfig:1', id: 'WANCommonIFC1' }],
              devices: [
                {
                  type: 'WANConnectionDevice:2',
                  services: [
                    { type: 'WANIPConnection:1', id: 'WANIPConn1' },
                    { type: 'WANIPConnection:2', id: 'WANIPConn2' },
                  ],
                },
              ],
            },
          ],
        },
      },
    },
  };

  test('are those that a requirement is about, where there are several', async () => {
    const report = await checkGateway(two, { only: ['scpd/*', 'wanip/lease-0-permanent', 'wanip2/*'] });
    expect(flagged(report)).toEqual([]);
    expect(report.counts).toMatchObject({ inconclusive: 0, fail: 0 });
    expect(resultOf(report, 'wanip2/lease-0-is-604800')).toMatchObject({ verdict: 'pass' });
    expect(resultOf(report, 'wanip/lease-0-permanent')).toMatchObject({ verdict: 'pass' });
  });
});
