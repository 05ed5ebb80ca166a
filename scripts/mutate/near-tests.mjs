/**
 * Patterns of the test files that run on the mutants of a folder: those in the folder, and those that stand directly in the
 * folders around it. Others may catch a mutant, too, but would make a run take many times as long.
 *
 * @param {string} folder such as `packages/core/src/mapping/igd`
 * @returns {readonly string[]}
 */
export function nearTests(folder) {
  const [, sources = '', below = ''] = /^(packages\/[^/]+\/src)(.*)$/.exec(folder) ?? [];
  const names = below.split('/').slice(0, -1);
  const around = names.map((_name, index) => `${[sources, ...names.slice(1, index + 1)].join('/')}/*.test.ts`);
  return [`${folder}/**/*.test.ts`, ...around];
}
