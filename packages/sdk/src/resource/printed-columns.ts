import type { Json, KubeObject } from '@keelson/machinery';
import { Age, age, type Column, nameColumn } from '@keelson/server';

/** A time is printed as how long ago it is. */
export type Cell = Json | Date | undefined;

export interface ColumnOptions<T extends KubeObject> {
  value(object: T): Cell;
  /** @default 'string' */
  readonly type?: Column['type'];
  /** Only `-o wide` shows it. */
  readonly wide?: boolean;
  readonly description?: string;
}

/** What tables show of an object besides its name and age. */
export type Columns<T extends KubeObject> = Readonly<Record<string, ((object: T) => Cell) | ColumnOptions<T>>>;

/** Its name, the columns of the author, and its age where none of these is called so. */
export function printedColumns<T extends KubeObject>(columns: Columns<T> = {}): Column<T>[] {
  const own = Object.entries(columns).map(([name, column]) => columnOf(name, typeof column === 'function' ? { value: column } : column));
  return [nameColumn<T>(), ...own, ...(Object.hasOwn(columns, 'Age') ? [] : [age<T>()])];
}

function columnOf<T extends KubeObject>(name: string, { value, type, wide, description }: ColumnOptions<T>): Column<T> {
  return {
    name,
    type: type ?? 'string',
    format: '',
    description: description ?? '',
    priority: wide ? 1 : 0,
    cell: (object) => printed(value(object)),
  };
}

function printed(cell: Cell): ReturnType<Column['cell']> {
  return cell instanceof Date ? new Age(cell.getTime()) : (cell ?? null);
}
