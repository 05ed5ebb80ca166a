import { describe, expect, test } from 'vitest';
import type { Report } from '../run/result.ts';
import { readXml, type XmlElement } from '../wire/xml.ts';
import { reportJUnit } from './junit.ts';
import {
  flawedReport,
  goodReport,
  hostileGatewayReport,
  hostileReport,
  requirementsIn,
} from './reports.test-support.ts';

function rootOf(report: Report): XmlElement {
  return readXml(reportJUnit(report))._unsafeUnwrap().root;
}

function named(element: XmlElement, name: string): readonly XmlElement[] {
  return element.children.filter((child) => child.name === name);
}

function casesOf(root: XmlElement): readonly XmlElement[] {
  return named(root, 'testsuite').flatMap((suite) => named(suite, 'testcase'));
}

/** Of each test case: what stands in it. */
function contents(root: XmlElement): readonly string[] {
  return casesOf(root).map(({ children }) => children.map(({ name }) => name).join());
}

describe.each([
  ['a good gateway', goodReport],
  ['a flawed gateway', flawedReport],
  ['a hostile gateway', hostileGatewayReport],
  ['hostile texts', (): Promise<Report> => Promise.resolve(hostileReport())],
])('%s', (_name, make) => {
  test('has counts that are true, for each suite and for all', async () => {
    const root = rootOf(await make());
    for (const element of [root, ...named(root, 'testsuite')]) {
      const cases = element === root ? casesOf(root) : named(element, 'testcase');
      const count = (name: string): string => String(cases.filter((one) => named(one, name).length === 1).length);
      expect(Object.fromEntries(element.attributes)).toMatchObject({
        tests: String(cases.length),
        failures: count('failure'),
        errors: count('error'),
        skipped: count('skipped'),
        time: expect.stringMatching(/^\d+\.\d{3}$/) as string,
      });
    }
  });

  test('has all requirements, each under a name of its own', async () => {
    const report = await make();
    const cases = casesOf(rootOf(report));
    expect(cases).toHaveLength(requirementsIn(report) + 3);
    const names = cases.map(({ attributes }) => `${attributes.get('classname') ?? ''} ${attributes.get('name') ?? ''}`);
    expect(new Set(names).size).toBe(names.length);
  });
});

test('every standing has its element', () => {
  const root = rootOf(hostileReport());
  expect(named(root, 'testsuite').map(({ attributes }) => attributes.get('name'))).toEqual(['ssdp', 'soap', 'run']);
  expect(contents(root)).toEqual([
    'failure',
    'skipped',
    'skipped',
    '',
    'failure',
    'system-out',
    'skipped',
    'skipped',
    'failure',
    'failure',
    'failure',
  ]);
});

test('a failure has a message, and a text with the clause, what was expected and seen, and the wire', async () => {
  const report = await flawedReport();
  const failures = casesOf(rootOf(report)).flatMap((one) => named(one, 'failure'));
  const lease = failures.find(({ text }) => text.includes('AddPortMapping'));
  expect(lease?.attributes.get('message')).toMatch(/^expected .+, saw .+/);
  expect(lease?.text).toMatch(/\nClause: WANIPConnection.*\nLevel: must\nExpected: .+\nActual: .+\n\n/);
  expect(lease?.text).toMatch(/\n> POST \/ctl\/IPConn HTTP\/1\.1\n/);
  expect(lease?.text).toMatch(/\n< HTTP\/1\.1 500\n/);
});

test('a good report has no failure and no error', async () => {
  expect(new Set(contents(rootOf(await goodReport())))).toEqual(new Set(['', 'skipped']));
});
