import tseslint from 'typescript-eslint';
import { mustUseResult } from './scripts/lint/must-use-result.js';

export default tseslint.config(
  { ignores: ['**/dist/', 'artifacts/', 'bench/*/', '!bench/*/*.mjs'] },
  ...tseslint.configs.strictTypeChecked,
  {
    languageOptions: { parserOptions: { projectService: true, tsconfigRootDir: import.meta.dirname } },
    linterOptions: { reportUnusedDisableDirectives: 'error' },
    plugins: { portwright: { rules: { 'must-use-result': mustUseResult } } },
    rules: {
      'portwright/must-use-result': 'error',
      '@typescript-eslint/no-floating-promises': ['error', { checkThenables: true }],
      '@typescript-eslint/switch-exhaustiveness-check': ['error', { considerDefaultExhaustiveForUnions: true }],
      '@typescript-eslint/consistent-type-imports': 'error',
      '@typescript-eslint/restrict-template-expressions': ['error', { allowNumber: true, allowBoolean: true }],
      // The compiler's own settings say the same of index signatures, and an assertion at a checked index is no lie.
      '@typescript-eslint/no-non-null-assertion': 'error',
      'no-restricted-exports': ['error', { restrictDefaultExports: { direct: true, named: true } }],
      'no-restricted-syntax': ['error', { selector: 'TSEnumDeclaration', message: 'Use a union of literals.' }],
    },
  },
  {
    files: ['**/*.test.ts', '**/*.test-support.ts'],
    rules: {
      // Fakes are put together from the methods of others.
      '@typescript-eslint/unbound-method': 'off',
    },
  },
  {
    // Tools are configured by their default export.
    files: ['*.config.*'],
    rules: { 'no-restricted-exports': 'off' },
  },
  {
    files: ['**/*.js', '**/*.mjs'],
    rules: { '@typescript-eslint/explicit-module-boundary-types': 'off' },
  },
);
