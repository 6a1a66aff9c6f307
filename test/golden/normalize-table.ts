import { isObject, type JsonObject, type JsonValue, member, pickKeys } from './json-value.js';

const age = /^(\d+[smhdy])+$/;
const ageColumns: ReadonlySet<string> = new Set(['Age', 'First Seen', 'Last Seen', 'Duration', 'Last Schedule']);

export function isTable(value: JsonObject): boolean {
  return value.kind === 'Table' && Object.hasOwn(value, 'columnDefinitions') && Array.isArray(value.rows);
}

/** A table with placeholders for ages, addresses and node ports in its cells. */
export function normalizeTable(table: JsonObject, withDescriptions: boolean, ipPlaceholder: (ip: string) => string): JsonObject {
  const columns = Array.isArray(table.columnDefinitions) ? table.columnDefinitions : undefined;
  const names = columns?.map((column) => String(member(column, 'name')));
  const rows = (table.rows as JsonValue[]).map((row) => normalizeRow(row, names, ipPlaceholder));
  const kept = (column: JsonValue) => (isObject(column) && !withDescriptions ? pickKeys(column, (key) => key !== 'description') : column);
  return { ...table, ...(columns && { columnDefinitions: columns.map(kept) }), rows };
}

function normalizeRow(row: JsonValue, names: readonly string[] | undefined, ipPlaceholder: (ip: string) => string): JsonValue {
  if (!isObject(row) || !Array.isArray(row.cells)) return row;
  return {
    ...row,
    cells: row.cells.map((cell, index) => (typeof cell === 'string' ? normalizeCell(cell, names?.[index], names, ipPlaceholder) : cell)),
  };
}

/** Only the first table of a watch has column definitions: without them, what looks like an age is one. */
function normalizeCell(
  cell: string,
  column: string | undefined,
  names: readonly string[] | undefined,
  ipPlaceholder: (ip: string) => string,
): string {
  if (column === 'Cluster-IP') return ipPlaceholder(cell);
  if (column === 'Port(s)') return cell.replace(/:\d{5}\//g, ':<nodePort>/');
  const mayBeAge = column === undefined ? names === undefined : ageColumns.has(column);
  return mayBeAge && age.test(cell) ? '<age>' : cell;
}
