interface Interval {
  readonly first: number;
  readonly last: number;
}

const integer = /^\+?\d+$/;

/** The intervals of a text such as `1,3-5`, or what is wrong with each of them. */
function intervalsOf(text: string, completions: number): (Interval | string)[] {
  return text === '' ? [] : text.split(',').map((fragment) => intervalOf(fragment, completions));
}

function intervalOf(fragment: string, completions: number): Interval | string {
  const limits = fragment.split('-');
  if (limits.length > 2) {
    const rule = "the requirement that an index interval can have at most two parts separated by '-'";
    return `the fragment ${JSON.stringify(fragment)} violates ${rule}`;
  }
  for (const limit of limits) {
    if (!integer.test(limit)) return `cannot convert string to integer for index: ${JSON.stringify(limit)}`;
    if (Number(limit) >= completions) return `too large index: ${JSON.stringify(limit)}`;
  }
  const [first = 0, last = first] = limits.map(Number);
  return limits.length > 1 && first >= last ? unordered(first, last) : { first, last };
}

const unordered = (previous: number, current: number): string => `non-increasing order, previous: ${previous}, current: ${current}`;

/** How many indexes a text such as `1,3-5` names, all of them below `completions`; what is wrong when it is none such. */
export function countIndexes(text: string, completions: number): number | string {
  let count = 0;
  let previous: number | undefined;
  for (const interval of intervalsOf(text, completions)) {
    if (typeof interval === 'string') return interval;
    if (previous !== undefined && previous >= interval.first) return unordered(previous, interval.first);
    count += interval.last - interval.first + 1;
    previous = interval.last;
  }
  return count;
}

/** The first index that both texts name, in the order of their intervals. What cannot be read names none. */
export function commonIndex(one: string, other: string, completions: number): number | undefined {
  const [these, those] = [one, other].map((text) => intervalsOf(text, completions).filter((interval) => typeof interval !== 'string'));
  let [i, j] = [0, 0];
  for (;;) {
    const [a, b] = [these?.[i], those?.[j]];
    if (a === undefined || b === undefined) return undefined;
    if (a.first <= b.last && b.first <= a.last) return Math.max(a.first, b.first);
    if (a.first <= b.first) i += 1;
    else j += 1;
  }
}
