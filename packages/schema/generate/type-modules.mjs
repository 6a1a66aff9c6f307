// TypeScript interfaces and kind values, one module per package: `apps/v1.ts`.
/** @import { Field, Message, Package } from './read-proto.mjs' */

/** Written by hand in machinery, where everything else needs them. */
const machineryTypes = new Set(['meta.v1.ObjectMeta', 'meta.v1.ListMeta', 'meta.v1.OwnerReference', 'meta.v1.ManagedFieldsEntry']);

const scalarTypes = {
  string: 'string',
  bool: 'boolean',
  int32: 'number',
  int64: 'number',
  uint32: 'number',
  double: 'number',
  float: 'number',
  bytes: 'string',
};

const formTypes = {
  TIME: 'string',
  MICRO_TIME: 'string',
  DURATION: 'string',
  QUANTITY: 'string',
  INT_OR_STRING: 'number | string',
  RAW_EXTENSION: 'JsonObject',
  UNKNOWN: 'JsonObject',
  FIELDS_V1: 'Record<string, unknown>',
  JSON_VALUE: 'Json',
  SCHEMA_OR_BOOL: 'JSONSchemaProps | boolean',
  SCHEMA_OR_ARRAY: 'JSONSchemaProps | JSONSchemaProps[]',
  SCHEMA_OR_STRING_ARRAY: 'JSONSchemaProps | string[]',
  STRING_LIST: 'string[]',
  INLINE_MAP: 'JsonObject',
};

/** Forms whose zero value JSON prints as null. */
const nullForms = new Set(['TIME', 'MICRO_TIME', 'RAW_EXTENSION', 'JSON_VALUE', 'STRING_LIST']);

export function packageFile(name) {
  return `${name.replace('.', '/')}.ts`;
}

/** `core.v1` as an identifier: `coreV1`. */
export function packageAlias(name) {
  return name.replace(/\.(.)/, (_, letter) => letter.toUpperCase());
}

function splitName(fullName) {
  const dot = fullName.lastIndexOf('.');
  return { package: fullName.slice(0, dot), name: fullName.slice(dot + 1) };
}

/** Files that share a package make one module. */
export function mergePackages(packages) {
  const byName = new Map();
  for (const pkg of packages) {
    const known = byName.get(pkg.name);
    byName.set(pkg.name, known ? { ...known, messages: [...known.messages, ...pkg.messages] } : pkg);
  }
  return [...byName.values()];
}

/** @param {Package[]} packages */
export function typeModules(packages) {
  const forms = new Map(packages.flatMap((pkg) => pkg.messages.map((message) => [message.fullName, message.form])));
  return mergePackages(packages).map((pkg) => [packageFile(pkg.name), typeModule(pkg, forms)]);
}

function typeModule(pkg, forms) {
  const used = new Set();
  const refer = (fullName) => {
    const { package: from, name } = splitName(fullName);
    if (from === pkg.name) return name;
    used.add(from);
    return `${packageAlias(from)}.${name}`;
  };
  const body = pkg.messages.map((message) => messageText(message, refer, forms)).join('\n');
  const up = pkg.name.includes('.') ? '../' : './';
  const imports = [...used].sort().map((name) => `import type * as ${packageAlias(name)} from '${up}${name.replace('.', '/')}.js';\n`);
  const own = pkg.messages.filter((message) => machineryTypes.has(message.fullName)).map((message) => message.name);
  const machinery = ['Json', 'JsonObject', 'KubeObject', ...own]
    .filter((name) => own.includes(name) || new RegExp(`\\b${name}\\b`).test(body))
    .sort();
  const importing = machinery.length === 0 ? '' : `import type { ${machinery.join(', ')} } from '@keelson/machinery';\n`;
  const exporting = own.length === 0 ? '' : `\nexport type { ${own.join(', ')} };\n`;
  const kind = body.includes('builtInKind(')
    ? `import { builtInKind } from '${up}../kinds/built-in-kind.js';\nimport type { KindSchema } from '${up}../kind.js';\n`
    : '';
  return `// Generated from proto/${pkg.source}.\n${importing}${kind}${imports.join('')}${exporting}\n${body}`;
}

/** @param {Message} message */
function messageText(message, refer, forms) {
  if (machineryTypes.has(message.fullName)) return '';
  const doc = docText(message.description, '');
  if (message.form) return `${doc}export type ${message.name} = ${formTypes[message.form]};\n`;
  const isKind = message.apiVersions.length > 0;
  const isObject = isKind && message.fields.some((field) => field.type === 'meta.v1.ObjectMeta' && field.name === 'metadata');
  const own = message.fields.filter((field) => !field.inline && !field.removed && !(isObject && field.name === 'metadata'));
  const parents = [
    ...(isObject ? ['KubeObject'] : []),
    ...message.fields.filter((field) => field.inline).map((field) => refer(field.type)),
  ];
  const extending = parents.length > 0 ? ` extends ${parents.join(', ')}` : '';
  const typeMeta = isKind && !isObject ? '  apiVersion?: string;\n  kind?: string;\n' : '';
  const lines = own.map((field) => fieldText(field, refer, forms)).join('');
  return `${doc}export interface ${message.name}${extending} {\n${typeMeta}${lines}}\n${isKind ? kindText(message) : ''}`;
}

/** @param {Message} message */
function kindText(message) {
  const [first] = message.apiVersions;
  const apiVersion = first === '*' ? 'meta.k8s.io/v1' : first;
  return `export const ${message.name}: KindSchema<${message.name}> = builtInKind('${apiVersion}', '${message.fullName}');\n`;
}

/**
 * A property is optional when canonical objects may lack it, and may be null when they may print null.
 * @param {Field} field
 */
function fieldText(field, refer, forms) {
  const form = field.isMessage ? forms.get(field.type) : undefined;
  const item = field.isMessage ? refer(field.type) : scalarTypes[field.type];
  const type = field.cardinality === 'list' ? `${item}[]` : field.cardinality === 'map' ? `Record<string, ${item}>` : item;
  const printsNull =
    field.presence === 'NULLABLE' ||
    (field.presence === 'ALWAYS' && (field.cardinality !== 'one' || field.type === 'bytes' || nullForms.has(form)));
  const optional = field.presence !== 'ALWAYS' && field.presence !== 'NULLABLE';
  const name = /^[A-Za-z_$][\w$]*$/.test(field.name) ? field.name : `'${field.name}'`;
  const values = field.enum.length > 0 && field.enum.length < 20 ? `One of ${field.enum.join(', ')}.` : '';
  const doc = docText([field.description, values].filter(Boolean).join(' '), '  ');
  return `${doc}  ${name}${optional ? '?' : ''}: ${type}${printsNull ? ' | null' : ''};\n`;
}

function docText(text, indent) {
  return text === '' ? '' : `${indent}/** ${text.replaceAll('*/', '* /').replace(/\n+/g, `\n${indent} *\n${indent} * `)} */\n`;
}
