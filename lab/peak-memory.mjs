// @ts-check
// Writes the most memory that a process had, in MiB, when it ends: `NODE_OPTIONS=--import=peak-memory.mjs PEAK_FILE=...`.
import { writeFileSync } from 'node:fs';

const file = process.env['PEAK_FILE'];
process.on('exit', () => {
  if (file !== undefined) writeFileSync(file, String(process.resourceUsage().maxRSS / 1024));
});
