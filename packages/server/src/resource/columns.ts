import { humanDuration, type Json, type KubeObject } from '@keelson/machinery';
import type { CellContext, Column } from './column.js';

interface ColumnOptions {
  readonly format?: string;
  readonly priority?: number;
  readonly description?: string;
}

/** A text column. */
export function col<T extends KubeObject>(
  name: string,
  cell: (object: T, context: CellContext) => Json,
  options: ColumnOptions & { readonly type?: Column['type'] } = {},
): Column<T> {
  return {
    name,
    type: options.type ?? 'string',
    format: options.format ?? '',
    description: options.description ?? '',
    priority: options.priority ?? 0,
    cell,
  };
}

/** A column that only `-o wide` shows. */
export function wide<T extends KubeObject>(name: string, cell: (object: T, context: CellContext) => Json): Column<T> {
  return col(name, cell, { priority: 1 });
}

export function integer<T extends KubeObject>(name: string, cell: (object: T) => Json, options: ColumnOptions = {}): Column<T> {
  return col(name, cell, { ...options, type: 'integer' });
}

/** The object's name: the column kubectl links rows by. */
export function nameColumn<T extends KubeObject>(): Column<T> {
  return col('Name', (object) => object.metadata.name ?? '', { format: 'name' });
}

/** Time since `timestamp`, as kubectl prints ages; `<unknown>` when unset. */
export function since(timestamp: string | null | undefined, { nowMs }: CellContext): string {
  return timestamp ? humanDuration(nowMs - Date.parse(timestamp)) : '<unknown>';
}

/** Time since creation. */
export function age<T extends KubeObject>(): Column<T> {
  return col('Age', (object, context) => since(object.metadata.creationTimestamp, context));
}

/** What kinds without columns of their own print. */
export const defaultColumns: readonly Column[] = [
  nameColumn(),
  col('Created At', (object) => object.metadata.creationTimestamp ?? '', { type: 'date' }),
];
