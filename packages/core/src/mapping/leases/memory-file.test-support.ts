import { okAsync } from '../../result.ts';
import type { FilePort } from '../../ports.ts';

/** A file in memory, whose text a test can look at. */
export function memoryFile(text: string | null = null): FilePort & { text: string | null; writes: number } {
  const file = {
    text,
    writes: 0,
    read: () => okAsync(file.text),
    write: (written: string) => {
      file.text = written;
      file.writes += 1;
      return okAsync(undefined);
    },
  };
  return file;
}
