import { describe, expect, it } from 'vitest';
import { parseLeases, writeLeases } from './leases.mjs';

describe('parseLeases', () => {
  it('reads one mapping a line', () => {
    expect(parseLeases('TCP:18080:10.77.0.2:8080:0:game\nUDP:9:10.77.0.3:10:1795391700:\n')).toEqual([
      {
        protocol: 'TCP',
        externalPort: 18080,
        internalClient: '10.77.0.2',
        internalPort: 8080,
        expires: 0,
        description: 'game',
      },
      {
        protocol: 'UDP',
        externalPort: 9,
        internalClient: '10.77.0.3',
        internalPort: 10,
        expires: 1795391700,
        description: '',
      },
    ]);
  });

  it('reads what is written', () => {
    const text = 'TCP:18080:10.77.0.2:8080:0:a:game\nUDP:9:10.77.0.3:10:1795391700:\n';
    expect(writeLeases(parseLeases(text))).toBe(text);
  });

  it('leaves the colons of a description alone', () => {
    expect(parseLeases('TCP:1:10.0.0.1:2:0:a:b:c')[0]?.description).toBe('a:b:c');
  });

  it.each([
    ['no lines', ''],
    ['a blank line', '\n'],
    ['a line that was cut off', 'TCP:18080:10.77.0.2'],
  ])('finds nothing in %s', (_, text) => {
    expect(parseLeases(text)).toEqual([]);
  });
});
