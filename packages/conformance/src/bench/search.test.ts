import { simulateGateway } from '@portwright/transport-mock';
import { describe, expect, test } from 'vitest';
import { checkGateway, flagged, resultOf } from '../mutants/mutant.test-support.ts';
import { type Mutant, onSearch } from '../mutants/mutant.ts';
import { runConformance } from '../run/run.ts';

const UTF8 = new TextEncoder();
const IGD2 = 'urn:schemas-upnp-org:device:InternetGatewayDevice:2';
const GATEWAY = '192.168.1.1';

/** A media server on the gateway's own host: it is the first to answer, and answers whatever it is asked. */
const MEDIA_SERVER: Mutant = {
  what: '',
  hooks: onSearch(
    () => true,
    (answers, { target }) => {
      const lines = [
        'HTTP/1.1 200 OK',
        'CACHE-CONTROL: max-age=60',
        `LOCATION: http://${GATEWAY}:8200/rootDesc.xml`,
        'SERVER: a/1 UPnP/1.0 MediaServer/1',
        `ST: ${target ?? 'upnp:rootdevice'}`,
        'USN: uuid:4d696e69-444c-164e-9d41-000000000001::upnp:rootdevice',
      ];
      const payload = UTF8.encode(`${lines.join('\r\n')}\r\n\r\n`);
      return [{ payload, from: { address: GATEWAY, port: 1_900 }, delayMs: 0 }, ...answers];
    },
  ),
};

describe('another root device on the gateway’s host', () => {
  test('is not taken for the gateway', async () => {
    const report = await checkGateway(MEDIA_SERVER, { only: ['ssdp/*', 'desc/required-fields'] });
    expect(flagged(report)).toEqual([]);
    expect(resultOf(report, 'ssdp/location-reachable')).toMatchObject({ verdict: 'pass' });
    expect(resultOf(report, 'ssdp/no-mx-silent')).toMatchObject({ verdict: 'pass' });
    expect(resultOf(report, 'ssdp/bootid-configid')).toMatchObject({ verdict: 'pass' });
  });

  test('does not answer in the place of a gateway that is silent', async () => {
    await using router = simulateGateway({ answersSearches: 'unicast' });
    router.inject({ row: 0, what: '', remedy: '', name: 'a media server', hooks: MEDIA_SERVER.hooks ?? (() => ({})) });
    const target = { kind: 'url', url: router.descriptionUrl } as const;
    const report = (
      await runConformance(router.transport, target, { only: ['ssdp/msearch-rootdevice'] })
    )._unsafeUnwrap();
    expect(resultOf(report, 'ssdp/msearch-rootdevice')).toMatchObject({ verdict: 'fail', actual: 'none' });
  });
});

test('a gateway whose USN has a UDN of nobody’s is still heard, by its LOCATION', async () => {
  const stray: Mutant = {
    what: '',
    hooks: onSearch(
      () => true,
      (answers) =>
        answers.map((answer) => ({
          ...answer,
          payload: UTF8.encode(new TextDecoder().decode(answer.payload).replace(/^USN: uuid:\w+/m, 'USN: uuid:0')),
        })),
    ),
  };
  const report = await checkGateway(stray, { only: ['desc/required-fields'] });
  expect(resultOf(report, 'desc/required-fields')).toMatchObject({ verdict: 'fail' });
});

test('an answer that comes after the next search was sent is late all the same', async () => {
  const late: Mutant = {
    what: '',
    hooks: onSearch(
      ({ target }) => target === IGD2,
      (answers) => answers.map((answer) => ({ ...answer, delayMs: 3_200 })),
    ),
  };
  const report = await checkGateway(late, { only: ['ssdp/msearch-igd2-reply'] });
  expect(resultOf(report, 'ssdp/msearch-igd2-reply')).toMatchObject({
    verdict: 'fail',
    actual: expect.stringMatching(/^an answer after 32\d\d ms$/) as string,
  });
});
