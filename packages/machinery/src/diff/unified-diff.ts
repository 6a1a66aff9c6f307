import { matchingBlocks } from './matching-blocks.js';

const context = 3;

/** What stands in lines `aFrom` to `aTo` of one text and in `bFrom` to `bTo` of the other. */
interface Part {
  readonly equal: boolean;
  readonly aFrom: number;
  readonly aTo: number;
  readonly bFrom: number;
  readonly bTo: number;
}

/** How to get from one text to another, as hunks with three lines around each change; '' when there is nothing to do. */
export function unifiedDiff(a: string, b: string): string {
  const aLines = a.split('\n');
  const bLines = b.split('\n');
  return hunks(parts(aLines, bLines))
    .map((hunk) => hunkText(hunk, aLines, bLines))
    .join('');
}

function parts(a: readonly string[], b: readonly string[]): Part[] {
  const result: Part[] = [];
  let aFrom = 0;
  let bFrom = 0;
  for (const block of [...matchingBlocks(a, b), { a: a.length, b: b.length, length: 0 }]) {
    if (aFrom < block.a || bFrom < block.b) result.push({ equal: false, aFrom, aTo: block.a, bFrom, bTo: block.b });
    aFrom = block.a + block.length;
    bFrom = block.b + block.length;
    if (block.length > 0) result.push({ equal: true, aFrom: block.a, aTo: aFrom, bFrom: block.b, bTo: bFrom });
  }
  return result;
}

/** Changes with what is around them; those close to each other share a hunk. */
function hunks(all: readonly Part[]): Part[][] {
  const result: Part[][] = [];
  let hunk: Part[] = [];
  for (const [i, part] of all.entries()) {
    const { equal, aTo, bTo, aFrom, bFrom } = part;
    const length = aTo - aFrom;
    const head = { ...part, aTo: Math.min(aTo, aFrom + context), bTo: Math.min(bTo, bFrom + context) };
    const tail = { ...part, aFrom: Math.max(aFrom, aTo - context), bFrom: Math.max(bFrom, bTo - context) };
    if (!equal) hunk.push(part);
    else if (i === 0) hunk.push(tail);
    else if (i === all.length - 1) hunk.push(head);
    else if (length > 2 * context) {
      result.push([...hunk, head]);
      hunk = [tail];
    } else hunk.push(part);
  }
  return [...result, hunk].filter((found) => found.some(({ equal }) => !equal));
}

function hunkText(hunk: readonly Part[], a: readonly string[], b: readonly string[]): string {
  const first = hunk.at(0);
  const last = hunk.at(-1);
  if (!first || !last) return '';
  const lines = hunk.flatMap(({ equal, aFrom, aTo, bFrom, bTo }) => {
    const before = a.slice(aFrom, aTo).map((line) => `${equal ? ' ' : '-'}${line}`);
    return equal ? before : [...before, ...b.slice(bFrom, bTo).map((line) => `+${line}`)];
  });
  return `@@ -${span(first.aFrom, last.aTo)} +${span(first.bFrom, last.bTo)} @@\n${lines.join('\n')}\n`;
}

function span(from: number, to: number): string {
  if (to - from === 1) return String(from + 1);
  return `${to === from ? from : from + 1},${to - from}`;
}
