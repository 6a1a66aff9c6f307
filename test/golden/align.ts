/** What stands at one place of two lists; one side is undefined where an item is missing. */
export type Aligned = readonly [expected: number | undefined, got: number | undefined];

/**
 * Places where two lists differ, so that one missing item shows as one difference. Items that are equal stand against
 * each other; runs of others are paired in order when they are as long as each other, and are missing or extra when not.
 */
export function alignLists(expected: readonly string[], got: readonly string[]): Aligned[] {
  const aligned: Aligned[] = [];
  let [e, g] = [0, 0];
  for (const [nextE, nextG] of [...commonItems(expected, got), [expected.length, got.length] as const]) {
    aligned.push(...alignRun(e, nextE, g, nextG));
    [e, g] = [nextE + 1, nextG + 1];
  }
  return aligned;
}

function alignRun(fromE: number, toE: number, fromG: number, toG: number): Aligned[] {
  const inE = Array.from({ length: toE - fromE }, (_, index) => fromE + index);
  const inG = Array.from({ length: toG - fromG }, (_, index) => fromG + index);
  if (inE.length === inG.length) return inE.map((index, at) => [index, inG[at]]);
  return [...inE.map((index): Aligned => [index, undefined]), ...inG.map((index): Aligned => [undefined, index])];
}

/** The longest common subsequence, as pairs of indexes. */
function commonItems(expected: readonly string[], got: readonly string[]): (readonly [number, number])[] {
  const width = got.length + 1;
  const lengths = new Uint32Array((expected.length + 1) * width);
  const at = (e: number, g: number) => lengths[e * width + g] ?? 0;
  for (let e = expected.length - 1; e >= 0; e--) {
    for (let g = got.length - 1; g >= 0; g--) {
      lengths[e * width + g] = expected[e] === got[g] ? at(e + 1, g + 1) + 1 : Math.max(at(e + 1, g), at(e, g + 1));
    }
  }
  const common: (readonly [number, number])[] = [];
  for (let e = 0, g = 0; e < expected.length && g < got.length; ) {
    if (expected[e] === got[g]) common.push([e++, g++]);
    else if (at(e + 1, g) >= at(e, g + 1)) e++;
    else g++;
  }
  return common;
}
