import { createHash } from 'node:crypto';
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import type { Browser, BrowserContextOptions, Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import type { Report } from '../run/result.ts';
import { launchChromium, skipWithoutChromium } from './chromium.test-support.ts';
import { contrastOf, textColours } from './contrast.test-support.ts';
import { HTML_SCRIPT, HTML_SCRIPT_HASH } from './html-script.ts';
import { HTML_STYLE, HTML_STYLE_HASH } from './html-style.ts';
import { reportHtml } from './html.ts';
import { flawedReport, goodReport, hostileGatewayReport, hostileReport, toldOnce } from './reports.test-support.ts';

const ARTIFACTS = join(import.meta.dirname, '../../../../artifacts');

describe('the page’s policy', () => {
  test.each([
    ['style', HTML_STYLE, HTML_STYLE_HASH],
    ['script', HTML_SCRIPT, HTML_SCRIPT_HASH],
  ])('allows the %s that it has', (_name, content, hash) => {
    expect(hash).toBe(`sha256-${createHash('sha256').update(content).digest('base64')}`);
  });

  test('allows nothing else', () => {
    const policy = /<meta http-equiv="Content-Security-Policy" content="([^"]*)">/.exec(
      reportHtml(hostileReport()),
    )?.[1];
    expect(policy).toMatch(
      /^default-src 'none'; style-src 'sha256-[^']+'; script-src 'sha256-[^']+'; base-uri 'none'; form-action 'none'$/,
    );
  });
});

test('hostile texts are escaped', async () => {
  for (const page of [reportHtml(hostileReport()), reportHtml(await hostileGatewayReport())]) {
    expect(page.match(/<script/g)).toHaveLength(1);
    expect(page.match(/<img/g)).toBeNull();
    expect(page).not.toMatch(/[^\P{Cc}\n\t]|[\p{Bidi_Control}\p{Zl}\p{Zp}\ufffe]/u);
    expect(page).toContain('&lt;/pre&gt;&lt;/details&gt;&lt;script&gt;');
  }
});

describe.skipIf(skipWithoutChromium())('in a browser', () => {
  let browser: Browser;
  const open: Page[] = [];
  /** What no page of a report does: ask the network, or complain. */
  const strays: string[] = [];

  beforeAll(async () => {
    browser = await launchChromium();
    mkdirSync(ARTIFACTS, { recursive: true });
  });

  afterEach(async () => {
    for (const page of open.splice(0)) await page.context().close();
    expect(strays.splice(0)).toEqual([]);
  });

  afterAll(async () => {
    await browser.close();
  });

  async function show(report: Report, options: BrowserContextOptions = {}, hash = ''): Promise<Page> {
    const context = await browser.newContext({ viewport: { width: 1_180, height: 1_000 }, ...options });
    const page = await context.newPage();
    open.push(page);
    const url = 'http://report.invalid/';
    // The only thing that is answered, and by nobody but this test.
    await page.route('**', async (route) => {
      if (route.request().url() === url) {
        await route.fulfill({ contentType: 'text/html', body: reportHtml(report) });
        return;
      }
      strays.push(route.request().url());
      await route.abort();
    });
    page.on('console', (message) => strays.push(`${message.type()}: ${message.text()}`));
    page.on('pageerror', (error) => strays.push(error.message));
    page.on('dialog', (dialog) => {
      strays.push(dialog.message());
      void dialog.dismiss();
    });
    await page.goto(`${url}${hash}`);
    return page;
  }

  function shown(page: Page): Promise<number> {
    return page.locator('.check:visible').count();
  }

  function button(page: Page, standing: string): ReturnType<Page['locator']> {
    return page.locator(`button[data-standing="${standing}"]`);
  }

  test('the verdict, the counts and the facts are on top', async () => {
    const report = await flawedReport();
    const page = await show(report);
    expect(await page.locator('h1').innerText()).toBe('The gateway does not conform');
    const counts = (verdict: string): number => toldOnce(report).filter((one) => one.verdict === verdict).length;
    const [fail, pass] = [counts('fail'), counts('pass')];
    // One failure is known, and one pass was not expected.
    expect((await page.locator('.counts').innerText()).replace(/\s+/g, ' ')).toMatch(
      new RegExp(`^${fail - 1} failed 1 unexpected pass .*\\b1 known failure ${pass - 1} passed\\b`),
    );
    const facts = await page.locator('.facts').innerText();
    expect(facts).toContain('http://192.168.1.1:5000/rootDesc.xml');
    expect(facts).toContain(report.run);
    expect(facts).toMatch(/Mapping table\s+Unchanged/);
    const bottom = await page.locator('.counts').boundingBox();
    expect(bottom === null ? Infinity : bottom.y + bottom.height).toBeLessThan(300);
  });

  test('a good gateway is seen to be good', async () => {
    const page = await show(await goodReport());
    expect(await page.locator('h1').innerText()).toBe('The gateway conforms');
    expect(await page.locator('.check[open]').count()).toBe(0);
  });

  test('failures are open, with what was expected and seen and the wire; passes are closed', async () => {
    const page = await show(await flawedReport());
    const failure = page.locator('[id="wanip/add-lease"]');
    expect(await failure.getAttribute('open')).toBe('');
    const text = await failure.innerText();
    expect(text).toMatch(
      /Expected\s+a success, or 725\s+Actual\s+a fault with 718\s+Clause\s+WANIPConnection:1, 2\.4\.16/,
    );
    expect(text).toContain('<errorCode>718</errorCode>');
    expect(await page.locator('.check.passed[open]').count()).toBe(0);
    expect(await page.locator('.check.failed:not([open])').count()).toBe(0);
    expect(await page.locator('.facts').innerText()).toMatch(/Checked again\s+\d+ reads after the writes/);
  });

  test('filters by verdict show these alone, several of them together, and none shows all', async () => {
    const report = await flawedReport();
    const page = await show(report);
    const all = toldOnce(report).length;
    const failed = toldOnce(report).filter(({ verdict }) => verdict === 'fail').length - 1;
    expect(await shown(page)).toBe(all);
    await button(page, 'failed').click();
    expect(await button(page, 'failed').getAttribute('aria-pressed')).toBe('true');
    expect(await shown(page)).toBe(failed);
    expect(await page.locator('.tools output').innerText()).toBe(`${failed} of ${all}`);
    await button(page, 'skipped').click();
    expect(await shown(page)).toBe(failed + report.counts.skip);
    await button(page, 'failed').click();
    await button(page, 'skipped').click();
    expect(await shown(page)).toBe(all);
  });

  test('a text is looked for in ids, sentences and clauses, with all of its words', async () => {
    const report = await flawedReport();
    const page = await show(report);
    const search = page.locator('input[type="search"]');
    const fits = (word: string): number =>
      toldOnce(report).filter(({ requirement: { id, sentence, clause } }) =>
        `${id} ${sentence} ${clause}`.toLowerCase().includes(word),
      ).length;
    for (const word of ['gena/', 'advertised', '2.4.16']) {
      await search.fill(word.toUpperCase());
      expect(await shown(page)).toBe(fits(word));
      expect(await shown(page)).toBeGreaterThan(0);
    }
    await search.fill('finite 2.4.16');
    expect(await page.locator('.check:visible').getAttribute('id')).toBe('wanip/add-lease');
    await search.fill('no such thing');
    expect(await page.locator('section:visible').count()).toBe(0);
    await page.getByRole('button', { name: 'Show everything' }).click();
    expect(await shown(page)).toBe(toldOnce(report).length);
  });

  test('a level is a filter, too', async () => {
    const report = await flawedReport();
    const page = await show(report);
    await page.locator('select').selectOption('should');
    const shoulds = toldOnce(report).filter(({ requirement }) => requirement.level === 'should').length;
    expect(shoulds).toBeGreaterThan(0);
    expect(await shown(page)).toBe(shoulds);
  });

  test('the keys are enough', async () => {
    const page = await show(await flawedReport());
    // The failures come first, as links.
    const failures = await page.locator('.links a').allTextContents();
    expect(failures).toContain('scpd/evented-vars');
    await page.keyboard.press('Tab');
    await page.keyboard.press('Enter');
    await page.waitForFunction(`location.hash === '#${String(failures[0])}'`);
    await button(page, 'failed').focus();
    await page.keyboard.press('Space');
    expect(await button(page, 'failed').getAttribute('aria-pressed')).toBe('true');
    const first = page.locator('.check:visible').first();
    await first.locator('> summary').focus();
    await page.keyboard.press('Enter');
    expect(await first.getAttribute('open')).toBeNull();
  });

  test('a link leads to a check, opens it, and shows it although it was filtered out', async () => {
    const page = await show(await flawedReport(), {}, '#wanip/nat-rsip');
    const check = page.locator('[id="wanip/nat-rsip"]');
    expect(await check.getAttribute('open')).toBe('');
    const box = await check.boundingBox();
    const bar = await page.locator('.tools').boundingBox();
    expect(box?.y).toBeGreaterThanOrEqual(bar === null ? Infinity : bar.y + bar.height);
    expect(box?.y).toBeLessThan(500);
    await button(page, 'failed').click();
    await page.evaluate("location.hash = '#gena/subscribe'");
    await page.locator('[id="gena/subscribe"][open]').waitFor({ state: 'visible' });
  });

  test.each([
    ['light', 1_180, 1_000],
    ['dark', 1_180, 1_000],
    ['phone', 360, 740],
  ])('%s: every text can be read, and nothing is wider than the page', async (name, width, height) => {
    const colorScheme = name === 'dark' ? 'dark' : 'light';
    const page = await show(await flawedReport(), { viewport: { width, height }, colorScheme });
    await page.screenshot({ path: join(ARTIFACTS, `conformance-report-${name}.png`) });
    for (const standing of ['failed', 'passed']) await button(page, standing).click();
    await page.evaluate('for (const one of document.querySelectorAll("details")) one.open = true');
    expect(await page.evaluate('document.documentElement.scrollWidth')).toBe(width);
    const colours = await textColours(page);
    expect(colours.length).toBeGreaterThan(5);
    expect(colours.filter((pair) => contrastOf(pair) < 4.5)).toEqual([]);
  });

  test('nothing that is hostile is wider than a phone, or illegible', async () => {
    const viewport = { width: 360, height: 740 };
    const page = await show(hostileReport(), { viewport, colorScheme: 'dark' });
    await page.evaluate('for (const one of document.querySelectorAll("details")) one.open = true');
    expect(await page.evaluate('document.documentElement.scrollWidth')).toBe(360);
    expect((await textColours(page)).filter((pair) => contrastOf(pair) < 4.5)).toEqual([]);
  });

  test('the dark page is dark', async () => {
    const background = 'getComputedStyle(document.body).backgroundColor';
    const dark = await (await show(await goodReport(), { colorScheme: 'dark' })).evaluate(background);
    const light = await (await show(await goodReport(), { colorScheme: 'light' })).evaluate(background);
    expect([light, dark]).toEqual(['rgb(246, 247, 248)', 'rgb(18, 21, 25)']);
  });

  test.each([
    ['texts', (): Promise<Report> => Promise.resolve(hostileReport())],
    ['answers', hostileGatewayReport],
  ])('hostile %s are shown, and neither run nor loaded', async (_name, make) => {
    const report = await make();
    const page = await show(report);
    expect(await page.title()).toMatch(/^Not passed: http:\/\/192\.168\.1\.1/);
    expect(await page.locator('script').count()).toBe(1);
    expect(await page.locator('img').count()).toBe(0);
    expect(await page.locator('.check').count()).toBe(toldOnce(report).length);
    expect(await page.locator('[onmouseover], [onerror]').count()).toBe(0);
    expect(await page.locator('.check.failed pre:visible').first().innerText()).not.toBe('');
    expect(await page.locator('main').innerText()).toContain("<script>document.title = 'owned'</script>");
  });

  test('without JavaScript all is there, and failures are open', async () => {
    const report = await flawedReport();
    const page = await show(report, { javaScriptEnabled: false });
    expect(await page.locator('.tools').isVisible()).toBe(false);
    expect(await shown(page)).toBe(toldOnce(report).length);
    expect(await page.locator('[id="wanip/add-lease"] .actual').innerText()).toBe('a fault with 718');
  });

  test('on paper there are no filters, and what scrolls is whole', async () => {
    const page = await show(await flawedReport());
    await page.emulateMedia({ media: 'print' });
    expect(await page.locator('.tools').isVisible()).toBe(false);
    const overflows =
      '[...document.querySelectorAll("pre")].filter((one) => one.scrollHeight > one.clientHeight + 1).length';
    expect(await page.evaluate(overflows)).toBe(0);
  });
});
