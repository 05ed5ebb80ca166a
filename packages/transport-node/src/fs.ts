import type * as Fs from 'node:fs';

/** node:fs. Imported, it would load all of Node's streams at the start: an import asks for each of a module's names. */
export const fs: typeof Fs = process.getBuiltinModule('node:fs');
