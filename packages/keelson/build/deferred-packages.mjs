import { createRequire } from 'node:module';

/** Of koa and what it asks: large tables that are made when they are loaded, and seldom asked for. */
const deferred = /^mime-types$/;

/** Has packages loaded when something of theirs is first called or read, not when they are imported. */
export const deferredPackages = {
  name: 'deferred-packages',
  setup(build) {
    build.onResolve({ filter: deferred }, async ({ path, importer, resolveDir, kind, pluginData }) => {
      if (pluginData === inStandIn) return undefined;
      const found = await build.resolve(path, { importer, resolveDir, kind, pluginData: inStandIn });
      return { ...found, namespace: 'deferred' };
    });
    build.onLoad({ filter: /.*/, namespace: 'deferred' }, ({ path }) => ({ contents: standIn(path), resolveDir: '/' }));
  },
};

const inStandIn = { inStandIn: true };

function standIn(file) {
  const exported = Object.entries(createRequire(import.meta.url)(file));
  const lines = exported.map(([name, value]) =>
    typeof value === 'function'
      ? `exports.${name} = (...args) => load().${name}(...args);`
      : `Object.defineProperty(exports, ${JSON.stringify(name)}, { enumerable: true, get: () => load().${name} });`,
  );
  return `const load = () => require(${JSON.stringify(file)});\n${lines.join('\n')}`;
}
