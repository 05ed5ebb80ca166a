/** Each error that a person can meet says what to do next. */
import { describe, expect, it } from 'vitest';
import { errorSources, faultGroups } from './generated/errors.mjs';

const sources = await errorSources();

describe.each(Object.entries({ ...sources.ERROR_CATALOGUE, ...sources.COMMAND_LINE_CATALOGUE }))(
  'the kind %s',
  (_kind, { means, codes }) => {
    it('says what it means', () => {
      expect(means).toMatch(/\.$/);
      expect(Object.keys(codes).length).toBeGreaterThan(0);
    });

    it.each(Object.entries(codes))('%s has a message, a cause and a next step', (_code, { message, cause, next }) => {
      expect(message.trim()).not.toBe('');
      expect(cause).toMatch(/^\S.{10,}\.$/);
      expect(next).toMatch(/^[A-Z].{10,}\.$/);
    });
  },
);

describe('UPnP faults', () => {
  const names = new Set(Object.values(faultGroups(sources)).flatMap((codes) => Object.values(codes)));

  it.each([...names, 'Unknown'])('%s has a cause and a next step', (name) => {
    const { cause = '', next = '' } = sources.FAULT_CATALOGUE[name] ?? {};
    expect(cause).toMatch(/^\S.{10,}\.$/);
    expect(next).toMatch(/^[A-Z].{10,}\.$/);
  });

  it('the catalogue has no name that no service has', () => {
    expect(Object.keys(sources.FAULT_CATALOGUE).filter((name) => name !== 'Unknown' && !names.has(name))).toEqual([]);
  });
});
