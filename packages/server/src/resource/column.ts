import type { Json, KubeObject } from '@keelson/machinery';

/** What a cell may know besides its object: ages are relative to one moment per response. */
export interface CellContext {
  readonly nowMs: number;
}

/** One column of the Table form (KEP-2334 printing). Wide columns have priority 1. */
export interface Column<T extends KubeObject = KubeObject> {
  readonly name: string;
  readonly type: 'string' | 'integer' | 'number' | 'boolean' | 'date';
  readonly format: string;
  readonly description: string;
  readonly priority: number;
  /** Rows have the cell, but the definitions leave the column out. */
  readonly undeclared?: true;
  cell(object: T, context: CellContext): Json;
}
