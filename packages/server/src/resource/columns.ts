import type { KubeObject } from '@keelson/machinery';
import { Age } from './age.js';
import type { Cell, Column } from './column.js';

interface ColumnOptions {
  readonly format?: string;
  readonly priority?: number;
  readonly description?: string;
}

/** A text column. */
export function col<T extends KubeObject>(
  name: string,
  cell: (object: T) => Cell,
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
export function wide<T extends KubeObject>(name: string, cell: (object: T) => Cell): Column<T> {
  return col(name, cell, { priority: 1 });
}

export function integer<T extends KubeObject>(name: string, cell: (object: T) => Cell, options: ColumnOptions = {}): Column<T> {
  return col(name, cell, { ...options, type: 'integer' });
}

/** The object's name: the column kubectl links rows by. */
export function nameColumn<T extends KubeObject>(): Column<T> {
  return col('Name', (object) => object.metadata.name ?? '', { format: 'name' });
}

/** Time since `timestamp`, as kubectl prints ages; `<unknown>` when unset. */
export function since(timestamp: string | null | undefined): Cell {
  return timestamp ? new Age(Date.parse(timestamp)) : '<unknown>';
}

/** Time since creation. */
export function age<T extends KubeObject>(): Column<T> {
  return col('Age', (object) => since(object.metadata.creationTimestamp));
}

/** What kinds without columns of their own print. */
export const defaultColumns: readonly Column[] = [
  nameColumn(),
  col('Created At', (object) => object.metadata.creationTimestamp ?? '', { type: 'date' }),
];
