/** JSON that was written by an earlier run: read as if a stranger had written it. */

import { isObject } from '../../arguments.ts';

type StoredObject = Readonly<Record<string, unknown>>;

/** The objects in a JSON array; none where the text is no such thing. */
export function readObjects(text: string | null): readonly StoredObject[] {
  return objectsIn(parsed(text));
}

/** A JSON object; null where the text is no such thing. */
export function readObject(text: string): StoredObject | null {
  const value = parsed(text);
  return isObject(value) && !Array.isArray(value) ? value : null;
}

/** The objects in a list; none in anything else. */
export function objectsIn(value: unknown): readonly StoredObject[] {
  return Array.isArray(value) ? value.filter(isObject) : [];
}

function parsed(text: string | null): unknown {
  try {
    return JSON.parse(text ?? 'null');
  } catch {
    return null;
  }
}

/** A text of at most 2048 characters; null for anything else. */
export function textIn(object: StoredObject, name: string): string | null {
  const value = object[name];
  return typeof value === 'string' && value.length <= 2048 ? value : null;
}

/** A whole number; null for anything else. */
export function wholeIn(object: StoredObject, name: string): number | null {
  const value = object[name];
  return typeof value === 'number' && Number.isInteger(value) ? value : null;
}
