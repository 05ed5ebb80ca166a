import { defineConfig } from 'eslint/config';
import tseslint from 'typescript-eslint';
import { mustUseResult } from './scripts/lint/must-use-result.js';

export default defineConfig(
  { ignores: ['**/dist/', 'artifacts/', 'bench/lab/programs/'] },
  ...tseslint.configs.strictTypeChecked,
  {
    languageOptions: { parserOptions: { projectService: true, tsconfigRootDir: import.meta.dirname } },
    linterOptions: { reportUnusedDisableDirectives: 'error' },
    plugins: {
      portwright: {
        rules: {
          // The two type a rule's context apart.
          'must-use-result': /** @type {import('eslint').Rule.RuleModule} */ (/** @type {unknown} */ (mustUseResult)),
        },
      },
    },
    rules: {
      'portwright/must-use-result': 'error',
      '@typescript-eslint/no-floating-promises': ['error', { checkThenables: true }],
      '@typescript-eslint/switch-exhaustiveness-check': ['error', { considerDefaultExhaustiveForUnions: true }],
      '@typescript-eslint/consistent-type-imports': 'error',
      '@typescript-eslint/restrict-template-expressions': ['error', { allowNumber: true, allowBoolean: true }],
      // The compiler's own settings say the same of index signatures, and an assertion at a checked index is no lie.
      '@typescript-eslint/no-non-null-assertion': 'error',
      // Ports and parts are objects of functions, which are passed on one by one; no method here needs its `this`.
      '@typescript-eslint/unbound-method': 'off',
      'no-restricted-exports': ['error', { restrictDefaultExports: { direct: true, named: true } }],
      'no-restricted-syntax': ['error', { selector: 'TSEnumDeclaration', message: 'Use a union of literals.' }],
    },
  },
  {
    // Tools are configured by their default export.
    files: ['*.config.*'],
    rules: { 'no-restricted-exports': 'off' },
  },
  {
    // Scripts in plain JavaScript read JSON, and say by JSDoc what they know of it.
    files: ['**/*.js', '**/*.mjs'],
    rules: Object.fromEntries(
      ['argument', 'assignment', 'call', 'enum-comparison', 'member-access', 'return'].map((what) => [
        `@typescript-eslint/no-unsafe-${what}`,
        'off',
      ]),
    ),
  },
);
