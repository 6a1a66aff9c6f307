import type { Json, JsonObject } from '@keelson/machinery';

/** One step from values to parts of them. */
type Step = (values: readonly Json[]) => Json[];

/**
 * A JSONPath as printer columns, selectable fields and scales name a value by: `.spec.replicas`, `.metadata.labels['a.b']`,
 * `.items[0]`, `.items[-1:]`, `.items[*].name`, `..name`, `.conditions[?(@.type=="Ready")].status`.
 */
export class JsonPath {
  readonly #steps: readonly Step[];

  /** Throws SyntaxError. */
  constructor(text: string) {
    this.#steps = new Parser(text).path();
  }

  /** What is found, nothing where a part is missing, or where a filter compares what cannot be compared. */
  find(value: Json): Json[] {
    try {
      return this.#steps.reduce<Json[]>((values, step) => step(values), [value]);
    } catch (error) {
      if (error instanceof IncomparableError) return [];
      throw error;
    }
  }

  first(value: Json): Json | undefined {
    return this.find(value)[0];
  }
}

class IncomparableError extends Error {}

function isObject(value: Json | undefined): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function member(name: string): Step {
  return (values) => values.flatMap((value) => (isObject(value) && Object.hasOwn(value, name) ? [value[name] as Json] : []));
}

const children = (value: Json): Json[] => (Array.isArray(value) ? value : isObject(value) ? (Object.values(value) as Json[]) : []);
const everything: Step = (values) => values.flatMap(children);
const descendants: Step = (values) => values.flatMap((value) => [value, ...descendants(children(value))]);

function slice(from: number | undefined, to: number | undefined, by: number): Step {
  return (values) =>
    values.flatMap((value) => {
      if (!Array.isArray(value)) return [];
      const start = from === undefined ? 0 : from < 0 ? from + value.length : from;
      const end = to === undefined ? value.length : to < 0 ? to + value.length : to;
      return value.slice(Math.max(start, 0), Math.max(end, 0)).filter((_, i) => i % by === 0);
    });
}

function union(steps: readonly Step[]): Step {
  return (values) => steps.flatMap((step) => step(values));
}

type Operand = (item: Json) => Json | undefined;

const comparisons: Readonly<Record<string, (left: Json, right: Json) => boolean>> = {
  '==': (left, right) => left === right,
  '!=': (left, right) => left !== right,
  '<': (left, right) => (left as number) < (right as number),
  '<=': (left, right) => (left as number) <= (right as number),
  '>': (left, right) => (left as number) > (right as number),
  '>=': (left, right) => (left as number) >= (right as number),
};

/** Texts, whole numbers, others and truths are each compared with their like. */
function kindOf(value: Json): string {
  if (typeof value === 'number') return Number.isInteger(value) ? 'integer' : 'number';
  return typeof value;
}

function checkComparable(left: Json, right: Json): void {
  const kind = kindOf(left);
  if (kind === 'object' || kind !== kindOf(right)) throw new IncomparableError();
}

function filter(left: Operand, operator: string | undefined, right: Operand | undefined): Step {
  const compare = operator === undefined ? undefined : comparisons[operator];
  const matches = (item: Json) => {
    const found = left(item);
    if (compare === undefined || right === undefined) return found !== undefined;
    const other = right(item);
    if (found === undefined || other === undefined) return false;
    checkComparable(found, other);
    return compare(found, other);
  };
  return (values) => values.flatMap((value) => (Array.isArray(value) ? value.filter(matches) : []));
}

const NAME = /^(?:[^.[\]'"\s{}\\]|\\.)+/;
const BRACKETS = /^\[((?:[^[\]'"]|'(?:[^'\\]|\\.)*'|"(?:[^"\\]|\\.)*"|\[[^\]]*\])*)\]/;

class Parser {
  #rest: string;
  readonly #text: string;

  constructor(text: string) {
    this.#text = text;
    this.#rest = text;
  }

  path(): Step[] {
    const steps: Step[] = [];
    this.#take(/^\$|^@/);
    while (this.#rest !== '') steps.push(...this.#step());
    return steps;
  }

  #step(): Step[] {
    if (this.#take(/^\.\./) !== undefined) return [descendants];
    if (this.#take(/^\.(?=\[)/) !== undefined) return [];
    const bracket = this.#take(BRACKETS);
    if (bracket !== undefined) return [inBrackets(bracket.slice(1, -1).trim())];
    this.#take(/^\./);
    if (this.#rest === '') return [member('')];
    if (this.#take(/^\*/) !== undefined) return [everything];
    const name = this.#take(NAME);
    if (name === undefined) throw new SyntaxError(`unrecognized character in action: ${this.#text}`);
    return [member(name.replace(/\\(.)/g, '$1'))];
  }

  #take(pattern: RegExp): string | undefined {
    const found = pattern.exec(this.#rest)?.[0];
    if (found !== undefined) this.#rest = this.#rest.slice(found.length);
    return found;
  }
}

const KEY = /^'([^']*)'$/;
const QUOTED = /^(?:'((?:[^'\\]|\\.)*)'|"((?:[^"\\]|\\.)*)")$/;
const INDEX = /^-?\d+$/;
const SLICE = /^(-?\d+)?:(-?\d+)?(?::(\d+))?$/;
const FILTER = /^\?\((.*)\)$/;
const COMPARISON = /^(.*?)\s*(==|!=|<=|>=|<|>)\s*(.*)$/;

function inBrackets(text: string): Step {
  const filtered = FILTER.exec(text)?.[1];
  if (filtered !== undefined) return readFilter(filtered);
  const key = KEY.exec(text)?.[1];
  if (key !== undefined) return member(key);
  if (text === '*') return everything;
  if (INDEX.test(text)) return index(Number(text));
  const sliced = SLICE.exec(text);
  if (sliced !== null) return slice(numberOf(sliced[1]), numberOf(sliced[2]), numberOf(sliced[3]) ?? 1);
  if (text.includes(',')) return union(text.split(',').map((part) => inBrackets(part.trim())));
  throw new SyntaxError(`invalid array index ${text}`);
}

function index(at: number): Step {
  return (values) => values.flatMap((value) => (Array.isArray(value) ? (value.slice(at, at === -1 ? undefined : at + 1) as Json[]) : []));
}

function numberOf(text: string | undefined): number | undefined {
  return text === undefined ? undefined : Number(text);
}

function unquote(text: string): string | undefined {
  const found = QUOTED.exec(text);
  return found === null ? undefined : (found[1] ?? found[2] ?? '').replace(/\\(.)/g, '$1');
}

function readFilter(text: string): Step {
  const [, left = text, operator, right] = COMPARISON.exec(text) ?? [];
  return filter(operand(left.trim()), operator, right === undefined ? undefined : operand(right.trim()));
}

function operand(text: string): Operand {
  const quoted = unquote(text);
  if (quoted !== undefined) return () => quoted;
  if (/^-?\d+(\.\d+)?$/.test(text)) return () => Number(text);
  if (text === 'true' || text === 'false') return () => text === 'true';
  const path = new JsonPath(text);
  return (item) => path.first(item);
}
