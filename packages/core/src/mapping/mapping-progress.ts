import type { ResultAsync } from '../result.ts';
import { EventStream } from './internal/event-stream.ts';
import type { MappingStep } from './types.ts';

/** The result of mapping a port, and the steps that lead to it. */
export type MappingProgress<T, E> = ResultAsync<T, E> & {
  /**
   * The steps as they happen, until there is a result. Start to read at once: earlier steps are not repeated. The mapping
   * never waits for its reader.
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
  const steps = new EventStream<MappingStep>();
  const end = (): void => {
    steps.end();
  };
  const result = begin((step) => {
    steps.emit(step);
  });
  void result.then(end, end);
  return Object.assign(result, { steps });
}
