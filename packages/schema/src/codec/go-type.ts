import { type MessageField, messageTable } from '../table/message-table.js';

const goScalars: Readonly<Record<string, string>> = { double: 'float64', float: 'float32', bytes: '[]uint8' };

/** Name of the type of a list's items or a map's values, or of the value itself. */
export function goTypeOfItem(field: MessageField): string {
  const named = field.goType;
  if (named !== undefined && field.cardinality === 'one') return named;
  if (named !== undefined && field.cardinality === 'list' && named.startsWith('[]')) return named.slice(2);
  if (named !== undefined && field.cardinality === 'map' && named.startsWith('map[')) return named.slice(named.indexOf(']') + 1);
  if (field.message !== undefined) return messageTable(field.message).goType;
  return goScalars[field.scalar ?? ''] ?? field.scalar ?? '';
}

/** Name of the type of the whole field. */
export function goTypeOf(field: MessageField): string {
  if (field.goType !== undefined) return field.goType;
  if (field.cardinality === 'list') return `[]${goTypeOfItem(field)}`;
  return field.cardinality === 'map' ? `map[string]${goTypeOfItem(field)}` : goTypeOfItem(field);
}
