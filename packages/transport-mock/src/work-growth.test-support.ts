/** Sizes of an input, in bytes or characters. */
const SMALL = 32 * 1024;
const LARGE = 64 * 1024;
/** Work that grows in proportion doubles; quadratic work takes four times as long. */
export const LINEAR = 2.5;

/** Rounds until a growth counts as proportional, and until it counts as more than that. */
const LEAST_ROUNDS = 3;
const MOST_ROUNDS = 100;
/** Milliseconds of a sample: enough for the system's account of processor time. */
const SAMPLE_MS = 2;
/** Milliseconds after which further rounds change nothing: such long samples hardly differ. */
const LONG_SAMPLE_MS = 200;
/**
 * Milliseconds for the large input, 10 ns a byte. Quadratic work does 32,768 steps for each byte, and even where a step
 * copies one byte it takes a hundred times as long. Such quick work shows the processor's caches rather than its growth.
 */
const TOO_QUICK_MS = LARGE * 10e-6;

/**
 * How many times longer the work takes on 64 KiB than on 32 KiB; 0 if it is too quick to be quadratic.
 *
 * It compares the least processor time of many samples, taken in turns. So neither another program on the machine counts
 * nor the garbage collector or the compiler, which make single samples longer, never shorter.
 *
 * @param prepare - makes the input of a size, and returns the work on it
 */
export function growth(prepare: (size: number) => () => unknown): number {
  const [small, large] = [prepare(SMALL), prepare(LARGE)];
  const times = timesPerSample(small);
  let [ofSmall, ofLarge] = [Infinity, Infinity];
  for (let round = 1; round <= MOST_ROUNDS; round += 1) {
    ofLarge = Math.min(ofLarge, sample(large, times));
    if (ofLarge / times < TOO_QUICK_MS) return 0;
    ofSmall = Math.min(ofSmall, sample(small, times));
    const isDecided = ofLarge / ofSmall <= LINEAR || ofLarge > LONG_SAMPLE_MS;
    if (round >= LEAST_ROUNDS && isDecided) break;
  }
  return ofLarge / ofSmall;
}

function timesPerSample(work: () => unknown): number {
  let times = 1;
  while (sample(work, times) < SAMPLE_MS && times < 4_096) times *= 2;
  return times;
}

function sample(work: () => unknown, times: number): number {
  const before = process.cpuUsage();
  for (let time = 0; time < times; time += 1) work();
  const { user, system } = process.cpuUsage(before);
  return (user + system) / 1_000;
}
