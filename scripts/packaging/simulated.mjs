/**
 * Preloaded into programs of the documentation: for them, the transport for Node is a simulated router's, so that nothing
 * is sent. Everything else is the packages as they were packed.
 */
import { register } from 'node:module';

const hooks = `
  export async function resolve(specifier, context, next) {
    if (specifier !== '@portwright/transport-node' || context.parentURL?.startsWith('data:')) return next(specifier, context);
    const [real, simulator] = await Promise.all(
      [specifier, '@portwright/transport-mock'].map(async (name) => JSON.stringify((await next(name, context)).url)),
    );
    const source = \`
      export * from \${real};
      import { simulateGateway } from \${simulator};
      const router = simulateGateway();
      export const nodeTransport = () => router.transport;\`;
    return { url: \`data:text/javascript,\${encodeURIComponent(source)}\`, format: 'module', shortCircuit: true };
  }`;
register(`data:text/javascript,${encodeURIComponent(hooks)}`);
