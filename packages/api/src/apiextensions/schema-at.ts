import { additionalOf, type JsonSchema, propertyOf } from '@keelson/schema';

/** Text between quotes, which may be escaped in it; a mark; or a name up to the next mark. */
const TOKEN = /'.*?(?<!\\)'|[.[\]]|[^.[\]]+/gs;

/** The schema of the field that a path of names, `.spec.items`, leads to, or why it leads nowhere. `keyed`: it may have keys, `['a.b']`. */
export function schemaAt(fieldPath: string, schema: JsonSchema, keyed: boolean): JsonSchema | string {
  const tokens = fieldPath.match(TOKEN) ?? [];
  let found = schema;
  for (let i = 0; i < tokens.length; i++) {
    const mark = tokens[i];
    if (mark !== '.' && mark !== '[') return `expected [ or . but got: ${mark}`;
    if (mark === '[' && !keyed) return 'array notation is not allowed';
    const token = tokens[++i];
    if (token === undefined) return 'unexpected end of JSON path';
    if (mark === '[' && !/^'.*'$/s.test(token)) return `expected single quoted string but got ${token}`;
    const next = partOf(found, mark === '[' ? token.slice(1, -1).replace(/\\(.)/g, '$1') : token);
    if (next === undefined) return 'does not refer to a valid field';
    found = next;
    if (mark === '.') continue;
    const end = tokens[++i];
    if (end !== ']') return end === undefined ? 'unexpected end of JSON path' : `expected ] but got ${end}`;
  }
  return found;
}

function partOf(schema: JsonSchema, name: string): JsonSchema | undefined {
  return Object.keys(schema.properties ?? {}).length > 0 ? propertyOf(schema, name) : additionalOf(schema);
}
