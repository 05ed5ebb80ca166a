import { RuleTester } from '@typescript-eslint/rule-tester';
import { afterAll, describe, it } from 'vitest';
import { mustUseResult } from './must-use-result.js';

RuleTester.afterAll = afterAll;
RuleTester.describe = describe;
RuleTester.it = it;

const tester = new RuleTester({
  languageOptions: {
    parserOptions: { projectService: { allowDefaultProject: ['*.ts*'] }, tsconfigRootDir: import.meta.dirname },
  },
});

const head = `import { ok, okAsync, type Result, type ResultAsync } from '@portwright/core/result';
declare function save(): Result<number, string>;
declare function send(): ResultAsync<number, string>;
declare function log(): number;
`;

tester.run('must-use-result', mustUseResult, {
  valid: [
    `${head} export const saved = save();`,
    `${head} export function f(): Result<number, string> { return save(); }`,
    `${head} void send();`,
    `${head} log();`,
    `${head} save().match(() => 1, () => 2);`,
    `${head} export let last: Result<number, string> = ok(1); last = save();`,
  ],
  invalid: [
    { code: `${head} save();`, errors: [{ messageId: 'dropped' }] },
    { code: `${head} save().map((n) => n + 1);`, errors: [{ messageId: 'dropped' }] },
    { code: `${head} send();`, errors: [{ messageId: 'dropped' }] },
    { code: `${head} async function f() { await send(); } void f();`, errors: [{ messageId: 'dropped' }] },
    { code: `${head} okAsync(1);`, errors: [{ messageId: 'dropped' }] },
  ],
});
