import type { Json, KubeObject } from '@keelson/machinery';
import type { Age } from './age.js';

/** What a column shows of an object. */
export type Cell = Json | Age;

/** One column of the Table form (KEP-2334 printing). Wide columns have priority 1. */
export interface Column<T extends KubeObject = KubeObject> {
  readonly name: string;
  readonly type: 'string' | 'integer' | 'number' | 'boolean' | 'date';
  readonly format: string;
  readonly description: string;
  readonly priority: number;
  /** Rows have the cell, but the definitions leave the column out. */
  readonly undeclared?: true;
  /** Of the object alone: rows are made once for an object, whenever they are read. */
  cell(object: T): Cell;
}
