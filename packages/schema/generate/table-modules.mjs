// Schema tables: one JSON text per package, parsed on first use. See src/table/message-table.ts for the reader.
/** @import { Field, Message, Package } from './read-proto.mjs' */

const presenceLetters = { OMIT_EMPTY: 'e', ALWAYS: 'a', POINTER: 'p', NULLABLE: 'n', OMIT_ZERO: 'z' };
const cardinalityLetters = { one: 'o', list: 'l', map: 'm' };

/** @param {Package[]} packages */
export function tableModules(packages) {
  const byName = new Map();
  for (const pkg of packages) {
    const known = byName.get(pkg.name) ?? {};
    for (const message of pkg.messages) known[message.name] = messageRow(pkg, message);
    byName.set(pkg.name, known);
  }
  const lines = [...byName].map(([name, rows]) => `  '${name}': ${literal(JSON.stringify(rows))},\n`);
  const texts = packages.flatMap((pkg) => pkg.messages.flatMap(descriptionRows));
  return [
    [
      'tables.ts',
      `// Generated from proto/.\n/** Schema tables by package, as JSON text. */\nexport const tables: Readonly<Record<string, string>> = {\n${lines.join('')}};\n`,
    ],
    [
      'descriptions.ts',
      `// Generated from proto/.\n/** Descriptions by message, or message and field, as JSON text. */\nexport const descriptions: string =\n  ${literal(JSON.stringify(Object.fromEntries(texts)))};\n`,
    ],
  ];
}

function literal(text) {
  return `'${text.replaceAll('\\', '\\\\').replaceAll("'", "\\'")}'`;
}

/** @param {Message} message */
function messageRow(pkg, message) {
  return defined({
    d: pkg.definitions,
    f: message.fields.map((field) => fieldRow(pkg, field)),
    s: message.form,
    a: message.atomic ? 1 : undefined,
    g: message.gone ? 1 : undefined,
    v: message.apiVersions.length > 0 ? message.apiVersions : undefined,
    u: message.union && [message.union.discriminator, ...message.union.fields],
  });
}

/** @param {Field} field */
function fieldRow(pkg, field) {
  const flags = [
    cardinalityLetters[field.cardinality],
    presenceLetters[field.presence],
    field.required ? 'r' : '',
    field.inline ? 'i' : '',
    field.removed ? 'x' : '',
    field.late ? 't' : '',
    field.bareReference ? 'b' : '',
  ].join('');
  const type = field.isMessage && field.type.startsWith(`${pkg.name}.`) ? field.type.slice(pkg.name.length + 1) : field.type;
  const extras = defined({
    d: field.default === undefined ? undefined : JSON.parse(field.default),
    e: field.enum.length > 0 ? field.enum : undefined,
    l: field.list,
    k: field.listKeys.length > 0 ? field.listKeys : undefined,
    m: field.map,
    p: field.patchStrategy.length > 0 ? field.patchStrategy : undefined,
    y: field.patchKey,
    t: field.goType,
    v: field.embedded,
  });
  return [field.name, field.number, type, flags, ...(Object.keys(extras).length > 0 ? [extras] : [])];
}

/** @param {Message} message */
function descriptionRows(message) {
  const own = message.description === '' ? [] : [[message.fullName, message.description]];
  return [
    ...own,
    ...message.fields.filter((field) => field.description !== '').map((field) => [`${message.fullName}.${field.name}`, field.description]),
  ];
}

function defined(row) {
  return Object.fromEntries(Object.entries(row).filter(([, value]) => value !== undefined));
}
