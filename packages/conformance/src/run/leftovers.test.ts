/** What a check has left behind is deleted in every way that some gateway needs, and named exactly if none helps. */
import { describe, expect, test } from 'vitest';
import { checkGateway, resultOf } from '../mutants/mutant.test-support.ts';
import { bodyOf, type Mutant, plain, withBody } from '../mutants/mutant.ts';

type Values = Readonly<Record<string, string>>;

const SERVICE = 'urn:schemas-upnp-org:service:WANIPConnection:2';

/** An answer by hand: the simulator's own code would refuse such a protocol. */
function answer(action: string, values: Values = {}): ReturnType<typeof plain> {
  const body = Object.entries(values).map(([name, value]) => `<${name}>${value}</${name}>`);
  return withBody(
    plain(200, [['CONTENT-TYPE', 'text/xml; charset="utf-8"']]),
    `<s:Envelope xmlns:s="http://schemas.xmlsoap.org/soap/envelope/"><s:Body><u:${action}Response xmlns:u="${SERVICE}">` +
      `${body.join('')}</u:${action}Response></s:Body></s:Envelope>`,
  );
}

/**
 * Stores a protocol that it doesn't know as an empty one, as linux-igd does, and says that it deletes what it does not.
 *
 * @param deletes - the one request that deletes it
 */
function odd(deletes: (action: string, protocol: string | undefined) => boolean): Mutant {
  return {
    what: 'an unknown protocol is stored as an empty one',
    hooks: () => {
      let row: Values | null = null;
      return {
        response: (context, proceed) => {
          const { action } = context;
          const values: Values = Object.fromEntries(
            [...bodyOf(context).matchAll(/<(New\w+)>([^<]*)</g)].map(([, name = '', value = '']) => [name, value]),
          );
          const protocol = values['NewProtocol'];
          if (action === 'AddPortMapping' && protocol === 'SCTP') {
            row = { ...values, NewProtocol: '' };
            return answer(action);
          }
          if (action === null || row === null) return proceed();
          const isIts = [values['NewExternalPort'], values['NewStartPort']].includes(row['NewExternalPort']);
          if (isIts && action.startsWith('DeletePortMapping')) {
            if (deletes(action, protocol)) row = null;
            return answer(action);
          }
          if (action !== 'GetGenericPortMappingEntry') return proceed();
          // It is the first one, before those that the gateway has besides.
          const index = Number(values['NewPortMappingIndex']);
          if (index === 0) return answer(action, row);
          const body = bodyOf(context).replace(/(<NewPortMappingIndex>)\d+/, `$1${index - 1}`);
          return proceed({ ...context, request: { ...context.request, body: new TextEncoder().encode(body) } });
        },
      };
    },
  };
}

const ONLY = { only: ['wanip/add-bad-protocol'] };
const LEFT =
  /^a mapping of protocol "" (4\d{4}) to 192\.168\.1\.2:\1, "portwright-conformance [0-9a-f]{8} 192\.168\.1\.2"$/;

test('what can be deleted in no way is named exactly', async () => {
  const report = await checkGateway(
    odd(() => false),
    ONLY,
  );
  expect(resultOf(report, 'wanip/add-bad-protocol')).toMatchObject({ verdict: 'fail' });
  expect(report.leftovers).toEqual([expect.stringMatching(LEFT)]);
  expect(report).toMatchObject({ isGood: false, table: { missing: [], extra: [{ protocol: '' }] } });
});

describe('nothing is left where the one way is', () => {
  test.each([
    ['the protocol of the table', 'DeletePortMapping', ''],
    ['the protocol that was asked for, a second time', 'DeletePortMapping', 'SCTP'],
    ['TCP', 'DeletePortMapping', 'TCP'],
    ['UDP', 'DeletePortMapping', 'UDP'],
    ['a range of TCP', 'DeletePortMappingRange', 'TCP'],
    ['a range of UDP', 'DeletePortMappingRange', 'UDP'],
  ])('%s', async (_what, wanted, protocol) => {
    let requests = 0;
    const gateway = odd((action, asked) => {
      if (action !== wanted || asked !== protocol) return false;
      requests += 1;
      // When the check takes back what it asked for, the gateway denies it.
      return protocol !== 'SCTP' || requests > 1;
    });
    const report = await checkGateway({ ...gateway, version: 2 }, ONLY);
    expect(requests).toBeGreaterThan(0);
    expect(report).toMatchObject({ leftovers: [], table: { missing: [], extra: [] } });
  });
});
