/**
 * As much of Vitest as the documentation uses. Its own declarations are 100,000 lines, which every compiler would read for
 * nothing: that the blocks use Vitest as it is, is proved when they run.
 */
export type Body = () => unknown;
export interface Matchers {
  toBe(value: unknown): void;
  toContain(value: unknown): void;
  toEqual(value: unknown): void;
  toHaveLength(length: number): void;
  toMatchObject(value: object): void;
}
export declare function afterAll(body: Body): void;
export declare function beforeAll(body: Body): void;
export declare function describe(name: string, body: Body): void;
export declare function test(name: string, body: Body): void;
export declare namespace test {
  function skip(name: string, body: Body): void;
}
export declare function expect(value: unknown): Matchers;
