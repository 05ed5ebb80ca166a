import { parseArgs } from 'node:util';
import { BINARY_DECODERS } from './binary-decoders.ts';
import { CORE_DECODERS } from './core-decoders.ts';
import type { Decoder } from './decoder.ts';
import { type Finding, fuzzDecoder, slowest } from './fuzz-decoder.ts';
import { OTHER_DECODERS } from './other-decoders.ts';

export const DECODERS: readonly Decoder[] = [...CORE_DECODERS, ...BINARY_DECODERS, ...OTHER_DECODERS];

const USAGE = `Usage: pnpm fuzz [--seconds N] [--seed N] [--executions N] [DECODER...]
  --seconds N     for each decoder, the half of them for long inputs; default: 60
  --seed N        of the first execution; the next one has the next seed; default: a random one
  --executions N  as many for each decoder, however long they take, and no measurement of time
Decoders: ${DECODERS.map(({ name }) => name).join(', ')}
`;

/** Fuzzes decoders and prints a table. @returns an exit status: 1 where something was found, 2 where it was misused */
export async function main(args: readonly string[]): Promise<number> {
  const asked = request(args);
  if (typeof asked === 'string') {
    process.stderr.write(`${asked}\n\n${USAGE}`);
    return 2;
  }
  const { decoders, seed, seconds, executions: limit } = asked;
  let found = 0;
  process.stdout.write(`Seed ${seed}\n${row(['decoder', 'executions', 'accepted', 'ms for 64 KiB'])}`);
  for (const decoder of decoders) {
    const began = performance.now();
    const isBefore = (part: number): boolean => performance.now() - began < seconds * part * 1_000;
    const goesOn = (executions: number): boolean => (limit === undefined ? isBefore(0.5) : executions < limit);
    const { executions, accepted, findings } = await fuzzDecoder(decoder, seed, goesOn);
    const isTimed = limit === undefined && decoder.isTimed !== false;
    const slow = isTimed ? await slowest(decoder, () => isBefore(1)) : undefined;
    process.stdout.write(row([decoder.name, String(executions), String(accepted), slow?.ms.toFixed(1) ?? '']));
    for (const finding of [...findings, ...(slow?.findings ?? [])]) {
      found += 1;
      process.stdout.write(described(decoder, finding));
    }
  }
  return found === 0 ? 0 : 1;
}

interface Request {
  readonly decoders: readonly Decoder[];
  readonly seed: number;
  readonly seconds: number;
  readonly executions: number | undefined;
}

function request(args: readonly string[]): Request | string {
  const options = { seconds: { type: 'string' }, seed: { type: 'string' }, executions: { type: 'string' } } as const;
  try {
    const { values, positionals } = parseArgs({ args: [...args], options, allowPositionals: true });
    const wrong = Object.entries(values).find(([, value]) => !/^\d{1,9}$/.test(value));
    if (wrong !== undefined) return `--${wrong[0]} takes a whole number, not ${wrong[1]}.`;
    const unknown = positionals.find((name) => !DECODERS.some((decoder) => decoder.name === name));
    if (unknown !== undefined) return `There is no decoder ${unknown}.`;
    return {
      decoders: positionals.length === 0 ? DECODERS : DECODERS.filter(({ name }) => positionals.includes(name)),
      seed: Number(values.seed ?? Math.floor(Math.random() * 1e9)),
      seconds: Number(values.seconds ?? 60),
      executions: values.executions === undefined ? undefined : Number(values.executions),
    };
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  }
}

function row(cells: readonly string[]): string {
  const [name = '', ...numbers] = cells;
  return `${name.padEnd(20)}${numbers.map((cell) => cell.padStart(14)).join('')}\n`;
}

function described({ name }: Decoder, { what, seed, input }: Finding): string {
  const again = seed === undefined ? '' : `\n    again: pnpm fuzz ${name} --seed ${seed} --executions 1`;
  return `  FOUND ${what.slice(0, 300)}${again}\n    input: ${JSON.stringify(input.slice(0, 400))}\n`;
}
