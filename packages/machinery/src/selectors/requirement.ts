/** How a label is compared. `=` and `==` mean the same and are both kept, so that selectors print as they were written. */
export type Operator = 'in' | 'notin' | '=' | '==' | '!=' | 'exists' | '!' | 'gt' | 'lt';

/** One condition on one label. Values are sorted and unique. */
export interface Requirement {
  readonly key: string;
  readonly operator: Operator;
  readonly values: readonly string[];
}

/** The labels of an object; objects without any have `undefined`. */
export type Labels = Readonly<Record<string, string>>;
export type LabelMatcher = (labels: Labels | undefined) => boolean;

/** `app=a`, `app in (a,b)`, `!app`, `replicas>1`: the canonical text of a requirement. */
export function formatRequirement({ key, operator, values }: Requirement): string {
  switch (operator) {
    case 'exists':
      return key;
    case '!':
      return `!${key}`;
    case 'in':
    case 'notin':
      return `${key} ${operator} (${values.join(',')})`;
    case 'gt':
      return `${key}>${values.join(',')}`;
    case 'lt':
      return `${key}<${values.join(',')}`;
    default:
      return `${key}${operator}${values.join(',')}`;
  }
}

/** Compiles a requirement. The matcher allocates nothing: it runs over every object of a list. */
export function compileRequirement({ key, operator, values }: Requirement): LabelMatcher {
  const [first = ''] = values;
  switch (operator) {
    case 'exists':
      return (labels) => labelOf(labels, key) !== undefined;
    case '!':
      return (labels) => labelOf(labels, key) === undefined;
    case 'in':
    case 'notin':
      return compileMembership(key, values, operator === 'in');
    case 'gt':
    case 'lt':
      return compileComparison(key, BigInt(first), operator === 'gt');
    case '!=':
      return (labels) => labelOf(labels, key) !== first;
    default:
      return (labels) => labelOf(labels, key) === first;
  }
}

/** The type check keeps members of Object.prototype out: `constructor` is a label like any other. */
function labelOf(labels: Labels | undefined, key: string): string | undefined {
  const value: unknown = labels?.[key];
  return typeof value === 'string' ? value : undefined;
}

function compileMembership(key: string, values: readonly string[], wanted: boolean): LabelMatcher {
  const set = new Set(values);
  return (labels) => {
    const value = labelOf(labels, key);
    return (value !== undefined && set.has(value)) === wanted;
  };
}

function compileComparison(key: string, bound: bigint, greater: boolean): LabelMatcher {
  const safeBound = Number(bound);
  const boundIsSafe = Number.isSafeInteger(safeBound);
  return (labels) => {
    const text = labelOf(labels, key);
    if (text === undefined) return false;
    // Fifteen digits are exact as a number; only longer values pay for a bigint.
    if (boundIsSafe && text.length <= 15) {
      const value = parseDigits(text);
      return greater ? value > safeBound : value < safeBound;
    }
    const value = parseInt64(text);
    return value !== undefined && (greater ? value > bound : value < bound);
  };
}

/** Up to 15 digits as a number; NaN, which compares false either way, for any other text. Labels have no sign. */
function parseDigits(text: string): number {
  if (text === '') return Number.NaN;
  let value = 0;
  for (let i = 0; i < text.length; i++) {
    const digit = text.charCodeAt(i) - 0x30;
    if (digit < 0 || digit > 9) return Number.NaN;
    value = value * 10 + digit;
  }
  return value;
}

const int64 = /^[+-]?\d+$/;

/** A decimal integer of 64 bits; undefined when the text is none. */
export function parseInt64(text: string): bigint | undefined {
  if (!int64.test(text) || text.length > 80) return undefined;
  const value = BigInt(text.startsWith('+') ? text.slice(1) : text);
  return BigInt.asIntN(64, value) === value ? value : undefined;
}
