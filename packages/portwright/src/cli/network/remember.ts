/** `--remember`: the file with the router of the last run, which is asked first. */
import type { FilePort } from '@portwright/core';
import { nodeFile } from '@portwright/transport-node';
import type { Host } from '../host.ts';

export function rememberedIn({ stateFolder }: Host): FilePort {
  const { join } = process.getBuiltinModule('node:path');
  return nodeFile(join(stateFolder, 'gateway.json'));
}
