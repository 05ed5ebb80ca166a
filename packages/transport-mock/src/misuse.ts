/**
 * What is told to callers in JavaScript, whom no compiler tells. The simulator runs none of the core's code, so it has
 * words of its own, and throws a TypeError: a test should end there.
 */

function fail(argument: string, expected: string, value: unknown): never {
  const found = typeof value === 'string' ? `"${value}"` : isOther(value) ? 'something else' : String(value);
  throw new TypeError(`${argument} must be ${expected}, not ${found}`);
}

/** Whether it has no text of its own to be shown. */
function isOther(value: unknown): value is object {
  return Object(value) === value;
}

/** Whether an object has all of these properties. */
function has(value: unknown, names: readonly string[]): boolean {
  return typeof value === 'object' && value !== null && names.every((name) => name in value);
}

/** @throws TypeError for what is no plain object of options: a list, a promise, a transport, a gateway, a port mapper */
export function mustBeOptions(value: unknown): void {
  const isElse =
    has(value, ['then']) ||
    has(value, ['isOk']) ||
    has(value, ['http', 'clock']) ||
    has(value, ['queue']) ||
    has(value, ['renew']);
  if (!has(value, []) || isElse || ArrayBuffer.isView(value) || Array.isArray(value)) {
    fail('options', 'an object of options', value);
  }
}

/** @throws TypeError for what has not these properties */
export function mustHave(argument: string, expected: string, value: unknown, ...names: readonly string[]): void {
  if (!has(value, names)) fail(argument, expected, value);
}

/** @throws TypeError for what is not of a primitive type */
export function mustBe(argument: string, type: 'string' | 'number', value: unknown): void {
  if (typeof value !== type || value !== value) fail(argument, type === 'string' ? 'a text' : 'a number', value);
}
