import { describe, expect, test } from 'vitest';
import { type GatewayProtocol, completePortControlOptions, type PortControlOptions } from './port-control-options.ts';

describe('what no gateway can have is refused, with what there is', () => {
  test.each<readonly [PortControlOptions, string]>([
    [{ protocols: ['igd' as GatewayProtocol] }, "there is no protocol 'igd'; the names are: upnp, pcp, nat-pmp"],
    [{ protocols: ['natpmp' as GatewayProtocol] }, "there is no protocol 'natpmp'; similar names: nat-pmp"],
    [{ closedPort: 'open' as 'silent' }, "there is no closedPort 'open'; the names are: silent, refuses"],
    [{ clientsBehind: 'fd77::9' }, 'clientsBehind must be an IPv4 address, not fd77::9'],
    [{ pcp: { lifetimeSeconds: [0, 1] } }, 'pcp.lifetimeSeconds[0] must be a whole number from 1 to 4294967295, not 0'],
    [
      { natPmp: { lifetimeSeconds: [60, 59] } },
      'natPmp.lifetimeSeconds[1] must be a whole number from 60 to 4294967295, not 59',
    ],
    [
      { natPmp: { forbiddenDelayMs: -1 } },
      'natPmp.forbiddenDelayMs must be a whole number from 0 to 9007199254740991, not -1',
    ],
    [{ pcp: { clientQuota: 0.5 } }, 'pcp.clientQuota must be a whole number from 0 to 65535, not 0.5'],
    [{ pcp: { filterCapacity: NaN } }, 'pcp.filterCapacity must be a whole number from 0 to 65535, not NaN'],
    [{ pcp: { nothingToDelete: 256 } }, 'pcp.nothingToDelete must be a whole number from 0 to 255, not 256'],
    [
      { pcp: { errorSeconds: { 0: 1 } } },
      'a result code in pcp.errorSeconds must be a whole number from 1 to 255, not 0',
    ],
    [{ pcp: { errorSeconds: { 8: -1 } } }, 'pcp.errorSeconds[8] must be a whole number from 0 to 4294967295, not -1'],
    [
      { natPmp: { answeredInternalPort: 65_536 } },
      'natPmp.answeredInternalPort must be a whole number from 0 to 65535, not 65536',
    ],
    [
      { pcp: { renewsWithAnyNonce: 'ipv6' as 'ipv4' } },
      "there is no pcp.renewsWithAnyNonce 'ipv6'; similar names: ipv4",
    ],
    [
      { pcp: { ignoresPreferFailure: 'never' as 'nowhere' } },
      "there is no pcp.ignoresPreferFailure 'never'; the names are: nowhere, ipv6, everywhere",
    ],
  ])('%j', (options, message) => {
    expect(() => completePortControlOptions(options)).toThrow(new RangeError(message));
  });
});

test('every default stands, and what is undefined was not given', () => {
  const config = completePortControlOptions({ pcp: { isRefused: undefined, clientQuota: 3 }, natPmp: undefined });
  expect(config).toMatchObject({
    protocols: ['upnp'],
    mapsPrivateAddress: true,
    clientsBehind: null,
    closedPort: 'silent',
    pcp: { isRefused: false, clientQuota: 3, lifetimeSeconds: [120, 86_400] },
    natPmp: { lifetimeSeconds: [1, 4_294_967_295], answeredInternalPort: null },
  });
});
