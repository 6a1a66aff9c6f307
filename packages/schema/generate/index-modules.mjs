// `gen/apps/index.ts` gathers the versions of a group, `gen/index.ts` the groups, `gen/built-in-kinds.ts` all kinds.
import { mergePackages, packageAlias } from './type-modules.mjs';

export function indexModules(packages) {
  const merged = mergePackages(packages);
  const groups = Map.groupBy ? Map.groupBy(merged, groupOf) : groupBy(merged, groupOf);
  const versions = [...groups].filter(([, members]) => members.some((pkg) => pkg.name.includes('.')));
  return [
    ...versions.map(([group, members]) => [`${group}/index.ts`, groupModule(members)]),
    ['index.ts', rootModule([...groups.keys()], new Set(versions.map(([group]) => group)))],
    ['built-in-kinds.ts', kindsModule(merged)],
  ];
}

const groupOf = (pkg) => pkg.name.split('.')[0];

function groupBy(items, keyOf) {
  const groups = new Map();
  for (const item of items) groups.set(keyOf(item), [...(groups.get(keyOf(item)) ?? []), item]);
  return groups;
}

function groupModule(members) {
  const lines = members.map((pkg) => `export * as ${pkg.name.split('.')[1]} from './${pkg.name.split('.')[1]}.js';\n`);
  return `// Generated from proto/.\n${lines.join('')}`;
}

function rootModule(groups, withVersions) {
  const lines = groups.map((group) => `export * as ${group} from './${group}${withVersions.has(group) ? '/index' : ''}.js';\n`);
  return `// Generated from proto/.\n${lines.join('')}`;
}

function kindsModule(merged) {
  const withKinds = merged.filter((pkg) => pkg.messages.some((message) => message.apiVersions.length > 0));
  const imports = withKinds.map((pkg) => `import * as ${packageAlias(pkg.name)} from './${pkg.name.replace('.', '/')}.js';\n`);
  const list = (wanted) =>
    withKinds.flatMap((pkg) =>
      pkg.messages
        .filter((message) => message.apiVersions.length > 0 && wanted(message))
        .map((message) => `  ${packageAlias(pkg.name)}.${message.name},\n`),
    );
  const groupVersions = new Set(
    withKinds
      .filter((pkg) => pkg.deleteOptions && !pkg.gone)
      .flatMap((pkg) => pkg.messages.filter((message) => !message.gone).flatMap((message) => message.apiVersions))
      .filter((apiVersion) => apiVersion !== '*' && !apiVersion.startsWith('meta.k8s.io/') && !apiVersion.startsWith('audit.k8s.io/')),
  );
  const everywhere = (message) => message.apiVersions.includes('*');
  return (
    `// Generated from proto/.\nimport type { KindSchema } from '../kind.js';\n${imports.join('')}\n` +
    `/** Every kind, sorted by group and version; those of every version are not in it. */\n` +
    `export const builtInKinds: readonly KindSchema<object>[] = [\n${list((message) => !everywhere(message)).join('')}];\n\n` +
    `/** Kinds that every group-version knows: options of requests, and watch events. */\n` +
    `export const kindsOfEveryVersion: readonly KindSchema<object>[] = [\n${list(everywhere).join('')}];\n\n` +
    `/** The apiVersions that answer to the kinds of every version. */\n` +
    `export const optionsApiVersions: readonly string[] = ${JSON.stringify([...groupVersions].sort())};\n`
  );
}
