import { bytesOf, type Decoder, unsupported } from './decoder.ts';
import { mutated, repetitive } from './mutate.ts';

/** Something that a decoder must not do. `seed` repeats it; undefined: it is about time. */
export interface Finding {
  readonly what: string;
  readonly seed?: number | undefined;
  readonly input: string;
}

export interface FuzzResult {
  readonly executions: number;
  readonly accepted: number;
  readonly findings: readonly Finding[];
}

const MOST_FINDINGS = 3;

/** Reads mutated documents. @param goesOn - asked before each execution */
export async function fuzzDecoder(
  decoder: Decoder,
  firstSeed: number,
  goesOn: (executions: number) => boolean,
): Promise<FuzzResult> {
  const findings: Finding[] = [];
  let executions = 0;
  let accepted = 0;
  while (goesOn(executions) && findings.length < MOST_FINDINGS) {
    const seed = firstSeed + executions;
    executions += 1;
    const input = mutated(decoder.documents, decoder.words, seed);
    const { isAccepted, what } = await judge(decoder, bytesOf(input));
    if (isAccepted) accepted += 1;
    if (what !== undefined) findings.push({ what, seed, input });
  }
  return { executions, accepted, findings };
}

async function judge(decoder: Decoder, bytes: Uint8Array): Promise<{ isAccepted: boolean; what?: string | undefined }> {
  try {
    const reading = await decoder.read(bytes);
    if (reading === null) return { isAccepted: false };
    const claim = unsupported(reading, bytes);
    const what = claim === undefined ? reading.wrong : `the input has no ${JSON.stringify(claim.slice(0, 200))}`;
    return { isAccepted: true, what };
  } catch (error) {
    return { isAccepted: false, what: `it threw ${String(error)}` };
  }
}

export interface Slowest {
  readonly ms: number;
  readonly what: string;
  readonly findings: readonly Finding[];
}

const FULL_SIZE = 65_536;
/** The goal for every input of this size; below it, growth is the machine's own. A quadratic reader is far above it. */
const NOTEWORTHY_MS = 50;
/** Twice the input may take 2.5 times as long: a linear reader takes 2 times, a quadratic one 4 times. */
const STEEPEST = 2.5;
/** Three doublings: half the size alone can't be told from a moment's noise. */
const DOUBLINGS = 3;
const TRIES = 5;

/**
 * Reads long and repetitive documents, and finds those for which the time grows faster than the input.
 *
 * @param goesOn - asked before each document
 */
export async function slowest(decoder: Decoder, goesOn: () => boolean = () => true): Promise<Slowest> {
  let worst: Omit<Slowest, 'findings'> = { ms: 0, what: '' };
  const findings: Finding[] = [];
  const sizes = [FULL_SIZE / 2, FULL_SIZE / 2 ** DOUBLINGS];
  const smaller = sizes.map((size) => repetitive(decoder.documents, decoder.words, size));
  for (const { what, text } of repetitive(decoder.documents, decoder.words, FULL_SIZE)) {
    if (!goesOn() || findings.length >= MOST_FINDINGS) break;
    const [half = '', eighth = ''] = smaller.map((documents) => documents.next().value?.text ?? '');
    let ms = await timeOf(decoder, text);
    if (ms > NOTEWORTHY_MS) ms = await shortest(decoder, text);
    if (ms > worst.ms) worst = { ms, what };
    if (ms <= NOTEWORTHY_MS) continue;
    const growth = ms / (await shortest(decoder, half));
    if (growth <= STEEPEST || ms / (await shortest(decoder, eighth)) <= STEEPEST ** DOUBLINGS) continue;
    findings.push({
      what: `${ms.toFixed(0)} ms, ${growth.toFixed(1)} times those of half of it: ${what}`,
      input: text,
    });
  }
  return { ...worst, findings };
}

async function shortest(decoder: Decoder, text: string): Promise<number> {
  const times: number[] = [];
  for (let tries = 0; tries < TRIES; tries += 1) times.push(await timeOf(decoder, text));
  return Math.min(...times);
}

/** Milliseconds of the processor: those of a busy machine's clock would tell of others. */
async function timeOf({ read }: Decoder, text: string): Promise<number> {
  const bytes = bytesOf(text);
  const began = process.cpuUsage();
  try {
    await read(bytes);
  } catch {
    // A throw is for fuzzDecoder to find.
  }
  const { user, system } = process.cpuUsage(began);
  return (user + system) / 1_000;
}
