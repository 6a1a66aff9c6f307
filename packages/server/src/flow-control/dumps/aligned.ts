const MIN_WIDTH = 8;
const PADDING = 1;

/** Rows of a CSV whose columns stand one below the other, for people. All rows have as many cells. */
export function aligned(rows: readonly (readonly string[])[]): string {
  const widths: number[] = [];
  const last = (rows[0]?.length ?? 0) - 1;
  for (const cells of rows)
    for (const [at, cell] of cells.entries()) widths[at] = Math.max(widths[at] ?? MIN_WIDTH, [...cell].length + 1 + PADDING);
  const lines = rows.map((cells) => cells.map((cell, at) => (at === last ? cell : padded(`${cell},`, widths[at] as number))).join(''));
  return lines.map((line) => `${line}\n`).join('');
}

function padded(cell: string, width: number): string {
  return cell + ' '.repeat(width - [...cell].length);
}
