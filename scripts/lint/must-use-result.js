import { ESLintUtils } from '@typescript-eslint/utils';

/** The types of core/src/result.ts whose values must not be dropped. */
const RESULTS = new Set(['Ok', 'Err', 'ResultAsync']);

/**
 * An ESLint rule: a Result or ResultAsync that nobody looks at hides a failure. `void` before the expression says that
 * dropping it is meant.
 */
export const mustUseResult = ESLintUtils.RuleCreator.withoutDocs({
  meta: {
    type: 'problem',
    schema: [],
    defaultOptions: [],
    messages: { dropped: 'This {{type}} is dropped: handle it, return it, or write `void` before it and say why.' },
  },
  create(context) {
    const services = ESLintUtils.getParserServices(context);
    return {
      ExpressionStatement({ expression }) {
        if (expression.type === 'UnaryExpression' && expression.operator === 'void') return;
        if (expression.type === 'AssignmentExpression') return;
        const type = services.getTypeAtLocation(expression);
        const members = type.isUnion() ? type.types : [type];
        const result = members.map((member) => member.getSymbol()).find(isResult);
        if (result !== undefined) {
          context.report({ node: expression, messageId: 'dropped', data: { type: result.getName() } });
        }
      },
    };
  },
});

/** @param {import('typescript').Symbol | undefined} symbol */
function isResult(symbol) {
  if (symbol === undefined || !RESULTS.has(symbol.getName())) return false;
  return (symbol.getDeclarations() ?? []).some((declaration) =>
    /\/core\/(src\/result\.ts|dist\/result\.d\.ts)$/.test(declaration.getSourceFile().fileName),
  );
}
