/** JSON that was written by an earlier run: read as if a stranger had written it. */

/** The objects in a JSON array; none where the text is no such thing. */
export function readObjects(text: string | null): readonly Readonly<Record<string, unknown>>[] {
  try {
    const value: unknown = JSON.parse(text ?? '[]');
    return Array.isArray(value) ? value.filter(isObject) : [];
  } catch {
    return [];
  }
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null;
}

/** A text of at most 2048 characters; null for anything else. */
export function textIn(object: Readonly<Record<string, unknown>>, name: string): string | null {
  const value = object[name];
  return typeof value === 'string' && value.length <= 2048 ? value : null;
}

/** A whole number; null for anything else. */
export function wholeIn(object: Readonly<Record<string, unknown>>, name: string): number | null {
  const value = object[name];
  return typeof value === 'number' && Number.isInteger(value) ? value : null;
}
