import type { Json, KubeObject } from '@keelson/machinery';
import { Age } from '../resource/age.js';
import type { Column } from '../resource/column.js';

/** The cells of an object as they read at a moment, ms since 1970. */
export function printedCells<T extends KubeObject>(columns: readonly Column<T>[], object: T, nowMs = 0): Json[] {
  return columns.map((column) => {
    const cell = column.cell(object);
    return cell instanceof Age ? cell.text(nowMs) : cell;
  });
}
