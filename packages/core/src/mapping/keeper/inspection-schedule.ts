/** Which mappings the keeper reads from time to time: routers drop mappings without a word. Pure. */

/** From one inspection to the next. */
export const INSPECTION_MS = 120_000;
/** Inspections after which every mapping was read. */
const ROUND = 5;

/** A fifth of the mappings, at least one: those that were read longest ago. */
export function dueForInspection<T extends { readonly inspectedAt: number }>(mappings: readonly T[]): readonly T[] {
  return mappings
    .toSorted((one, other) => one.inspectedAt - other.inspectedAt)
    .slice(0, Math.ceil(mappings.length / ROUND));
}
