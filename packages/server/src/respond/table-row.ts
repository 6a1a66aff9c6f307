import { formatJson, humanDuration, humanDurationEnd } from '@keelson/machinery';
import { Age } from '../resource/age.js';
import type { Cell } from '../resource/column.js';

/**
 * A row as it is kept: its JSON text without the ages in it, behind a list of them. For each age a double (the moment
 * it counts from, ms since 1970) and an offset into the text; before them their number.
 */
const COUNT_BYTES = 4;
const AGE_BYTES = 12;

/** The row of these cells, its ages left out. `tail` is what follows their closing bracket. */
export function encodeRow(cells: readonly Cell[], tail: Buffer): Buffer {
  const ages: { readonly fromMs: number; readonly offset: number }[] = [];
  const parts: Buffer[] = [];
  let offset = 0;
  const add = (text: string) => {
    const part = Buffer.from(text);
    parts.push(part);
    offset += part.length;
  };
  add('{"cells":[');
  for (const [i, cell] of cells.entries()) {
    if (i > 0) add(',');
    if (cell instanceof Age) {
      add(`"${cell.before}`);
      ages.push({ fromMs: cell.fromMs, offset });
      add(`${cell.after}"`);
    } else {
      add(formatJson(cell));
    }
  }
  add(']');
  const head = Buffer.allocUnsafe(COUNT_BYTES + ages.length * AGE_BYTES);
  head.writeUInt32LE(ages.length);
  ages.forEach((age, i) => {
    head.writeDoubleLE(age.fromMs, COUNT_BYTES + i * AGE_BYTES);
    head.writeUInt32LE(age.offset, COUNT_BYTES + i * AGE_BYTES + 8);
  });
  return Buffer.concat([head, ...parts, tail]);
}

/** The row's JSON text as it reads at this moment. */
export function rowText(row: Buffer, nowMs: number): Buffer {
  const count = row.readUInt32LE();
  const start = COUNT_BYTES + count * AGE_BYTES;
  if (count === 0) return row.subarray(start);
  const parts: Buffer[] = [];
  let from = start;
  for (let i = 0; i < count; i++) {
    const to = start + row.readUInt32LE(COUNT_BYTES + i * AGE_BYTES + 8);
    parts.push(row.subarray(from, to), Buffer.from(humanDuration(nowMs - fromMs(row, i)), 'latin1'));
    from = to;
  }
  parts.push(row.subarray(from));
  return Buffer.concat(parts);
}

/** When the first of the row's ages reads otherwise than at this moment, ms since 1970. */
export function rowEnd(row: Buffer, nowMs: number): number {
  let end = Number.POSITIVE_INFINITY;
  for (let i = row.readUInt32LE() - 1; i >= 0; i--) {
    const from = fromMs(row, i);
    end = Math.min(end, from + humanDurationEnd(nowMs - from));
  }
  return end;
}

function fromMs(row: Buffer, i: number): number {
  return row.readDoubleLE(COUNT_BYTES + i * AGE_BYTES);
}
