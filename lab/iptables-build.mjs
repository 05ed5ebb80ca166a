// @ts-check
/**
 * The other build of miniupnpd, on iptables. Debian lets only one of the two be installed, so this one is unpacked beside
 * the lab: `node lab/iptables-build.mjs`, once, as root.
 */
import { existsSync, mkdirSync, mkdtempSync, readdirSync, renameSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { run } from './network.mjs';

const DIRECTORY = join(import.meta.dirname, '.miniupnpd-iptables');

/** The program, as soon as it has been unpacked. */
export const IPTABLES_BUILD = join(DIRECTORY, 'usr/sbin/miniupnpd');

function unpack() {
  const directory = mkdtempSync(`${DIRECTORY}-`);
  try {
    const downloads = join(directory, 'download');
    mkdirSync(downloads);
    run('sh', ['-c', 'cd "$1" && apt-get -qq -o APT::Sandbox::User=root download miniupnpd-iptables', 'sh', downloads]);
    const [name = ''] = readdirSync(downloads);
    run('dpkg-deb', ['-x', join(downloads, name), directory]);
    rmSync(DIRECTORY, { recursive: true, force: true });
    renameSync(directory, DIRECTORY);
  } catch (error) {
    rmSync(directory, { recursive: true, force: true });
    throw error;
  }
}

if (process.argv[1] === import.meta.filename && !existsSync(IPTABLES_BUILD)) {
  try {
    unpack();
  } catch (error) {
    console.error(
      `${error instanceof Error ? error.message : String(error)}\nIs there a list of packages? apt-get update`,
    );
    process.exitCode = 1;
  }
}
