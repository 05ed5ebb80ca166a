/** A headless Chromium for the tests of pages, where there is one. */
import { existsSync } from 'node:fs';
import { type Browser, chromium } from 'playwright-core';

const EXECUTABLE = '/usr/bin/chromium';

/**
 * For `describe.skipIf`: whether tests that need a browser are to be skipped. The reason goes to standard error, because a
 * skipped test says none. PORTWRIGHT_LAB=required, for the machines that must have all, makes its absence an error.
 */
export function skipWithoutChromium(): boolean {
  if (existsSync(EXECUTABLE)) return false;
  const absence = `The pages of reports are tested in Chromium (Debian package chromium), and there is no ${EXECUTABLE}.`;
  if (process.env['PORTWRIGHT_LAB'] === 'required') throw new Error(`PORTWRIGHT_LAB=required, but: ${absence}`);
  process.stderr.write(`Skipped: ${absence}\n`);
  return true;
}

/** It asks nobody for anything by itself. The sandbox of its own does not start in a container, or as root. */
export function launchChromium(): Promise<Browser> {
  return chromium.launch({
    executablePath: EXECUTABLE,
    args: [
      '--headless',
      '--no-sandbox',
      '--disable-gpu',
      '--disable-quic',
      '--no-first-run',
      '--disable-background-networking',
      '--disable-component-update',
      '--disable-sync',
    ],
  });
}
