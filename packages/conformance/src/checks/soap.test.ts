import { expect, test } from 'vitest';
import { checkGateway, resultOf } from '../mutants/mutant.test-support.ts';
import { headerOf, isFor, onRequest, plain, withBody } from '../mutants/mutant.ts';

const FAULT =
  '<s:Envelope xmlns:s="http://schemas.xmlsoap.org/soap/envelope/"><s:Body><s:Fault/></s:Body></s:Envelope>';

test.each([
  ['404', plain(404), 'pass'],
  ['a fault', withBody(plain(500), FAULT), 'pass'],
  ['500 without a fault', plain(500), 'warn'],
  ['503', plain(503), 'warn'],
])('a call without SOAPACTION that is answered with %s', async (_what, answer, verdict) => {
  const hooks = onRequest(
    (context) => isFor('control')(context) && headerOf(context, 'SOAPAction') === undefined,
    () => answer,
  );
  const report = await checkGateway({ what: '', hooks }, { only: ['soap/no-soapaction'], strict: false });
  expect(resultOf(report, 'soap/no-soapaction')).toMatchObject({ verdict });
});

test.each(['soap/fault-http-500', 'soap/fault-shape'])('%s is missed by faults that are pages', async (id) => {
  const hooks = onRequest(isFor('control'), (_context, proceed) => {
    const answer = proceed();
    return answer.status === 500 ? withBody(answer, '<html>oops') : answer;
  });
  const report = await checkGateway({ what: '', hooks }, { only: [id], write: false });
  expect(resultOf(report, id)).toMatchObject({ verdict: 'fail', actual: 'HTTP 500 with "<html>oops"' });
});
