/** Equal runs of two lists: `length` items from `a` on are those from `b` on. */
export interface Block {
  readonly a: number;
  readonly b: number;
  readonly length: number;
}

const popularFrom = 200;

/** Where each line stands in a text; lines that make up much of a long text say nothing about what matches what. */
function positions(lines: readonly string[]): ReadonlyMap<string, readonly number[]> {
  const at = new Map<string, number[]>();
  for (const [i, line] of lines.entries()) {
    const known = at.get(line);
    if (known) known.push(i);
    else at.set(line, [i]);
  }
  if (lines.length < popularFrom) return at;
  const most = Math.floor(lines.length / 100) + 1;
  return new Map([...at].filter(([, indexes]) => indexes.length <= most));
}

interface Range {
  readonly aFrom: number;
  readonly aTo: number;
  readonly bFrom: number;
  readonly bTo: number;
}

/**
 * The equal runs of two texts in Ratcliff and Obershelp's way: the longest run first, then on both sides of it. Kubernetes
 * shows differences found so, which is not always the shortest way to say them.
 */
export function matchingBlocks(a: readonly string[], b: readonly string[]): Block[] {
  const inB = positions(b);
  const blocks: Block[] = [];
  const open: Range[] = [{ aFrom: 0, aTo: a.length, bFrom: 0, bTo: b.length }];
  for (let range = open.pop(); range; range = open.pop()) {
    const block = widened(longest(a, inB, range), a, b, range);
    if (block.length === 0) continue;
    blocks.push(block);
    open.push({ ...range, aTo: block.a, bTo: block.b });
    open.push({ ...range, aFrom: block.a + block.length, bFrom: block.b + block.length });
  }
  return joined(blocks.sort((one, other) => one.a - other.a));
}

/** The longest run of the range, the first of several. */
function longest(a: readonly string[], inB: ReadonlyMap<string, readonly number[]>, { aFrom, aTo, bFrom, bTo }: Range): Block {
  let best: Block = { a: aFrom, b: bFrom, length: 0 };
  let endingBefore = new Map<number, number>();
  for (let i = aFrom; i < aTo; i++) {
    const endingHere = new Map<number, number>();
    for (const j of inB.get(a[i] ?? '') ?? []) {
      if (j < bFrom || j >= bTo) continue;
      const length = (endingBefore.get(j - 1) ?? 0) + 1;
      endingHere.set(j, length);
      if (length > best.length) best = { a: i - length + 1, b: j - length + 1, length };
    }
    endingBefore = endingHere;
  }
  return best;
}

/** A run with the popular lines around it. */
function widened(block: Block, a: readonly string[], b: readonly string[], { aFrom, aTo, bFrom, bTo }: Range): Block {
  let { a: i, b: j, length } = block;
  while (i > aFrom && j > bFrom && a[i - 1] === b[j - 1]) {
    i--;
    j--;
    length++;
  }
  while (i + length < aTo && j + length < bTo && a[i + length] === b[j + length]) length++;
  return { a: i, b: j, length };
}

function joined(blocks: readonly Block[]): Block[] {
  const result: Block[] = [];
  for (const block of blocks) {
    const last = result.at(-1);
    if (last && last.a + last.length === block.a && last.b + last.length === block.b) {
      result[result.length - 1] = { ...last, length: last.length + block.length };
    } else result.push(block);
  }
  return result;
}
