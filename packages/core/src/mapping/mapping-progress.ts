import type { ResultAsync } from '../result.ts';
import { Channel } from './internal/channel.ts';
import type { MappingStep } from './types.ts';

/** What comes of mapping a port, and its steps until then. */
export type MappingProgress<T, E> = ResultAsync<T, E> & {
  /**
   * What happens, as it happens: from now on, until there is a result. Nothing waits for who reads it.
   *
   * @example
   * ```ts
   * const mapping = mapPort(mapper, { externalPort: 7777, protocol: 'UDP' });
   * for await (const step of mapping.steps) console.log(step.kind);
   * const mapped = await mapping;
   * ```
   */
  readonly steps: AsyncIterable<MappingStep>;
};

/** @param begin - is called at once; what it reports is what {@link MappingProgress.steps} tells */
export function withSteps<T, E>(
  begin: (onStep: (step: MappingStep) => void) => ResultAsync<T, E>,
): MappingProgress<T, E> {
  const steps = new Channel<MappingStep>();
  const end = (): void => {
    steps.end();
  };
  const result = begin((step) => {
    steps.emit(step);
  });
  void result.then(end, end);
  return Object.assign(result, { steps });
}
