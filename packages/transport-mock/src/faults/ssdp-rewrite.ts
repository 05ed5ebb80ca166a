import type { RandomPort } from '@portwright/core';
import type { FaultHooks } from './fault.ts';
import { latin1 } from './wire-format.ts';

const LATIN1 = new TextDecoder('latin1');

type SearchHook = NonNullable<FaultHooks['search']>;

/** Changes each answer, as text of one byte a character. */
export function changeMessage(change: (message: string) => string): SearchHook {
  return (answers) => answers.map((answer) => ({ ...answer, payload: latin1(change(LATIN1.decode(answer.payload))) }));
}

/** A message with another value in one of its headers. */
export function replaceHeader(payload: Uint8Array, name: string, value: string): Uint8Array {
  return latin1(LATIN1.decode(payload).replace(new RegExp(`^${name}:[^\\r\\n]*`, 'im'), () => `${name}: ${value}`));
}

/** Changes the URL that each answer gives for the description. */
export function replaceLocation(change: (url: string) => string): SearchHook {
  return changeMessage((message) =>
    message.replace(/^(LOCATION:[ \t]*)([^\r\n]*)/im, (_line, name: string, url: string) => name + change(url)),
  );
}

/** 1 to 200 bytes of any value. */
export function garbage(random: RandomPort): Uint8Array {
  return Uint8Array.from({ length: 1 + Math.floor(random.fraction() * 200) }, () =>
    Math.floor(random.fraction() * 256),
  );
}
