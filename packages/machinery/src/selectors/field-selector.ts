import { badRequest } from '../errors/api-error.js';

/** One condition on one selectable field. */
export interface FieldRequirement {
  readonly field: string;
  readonly operator: '=' | '!=';
  readonly value: string;
}

/** The selectable fields of an object; a field that is absent counts as empty. */
export type FieldValues = Readonly<Record<string, string>>;
export type FieldMatcher = (fields: FieldValues) => boolean;

/** Conditions on fields, all of which must hold. Immutable, compiled once. */
export class FieldSelector {
  /** Matches everything. */
  static readonly everything = new FieldSelector([]);

  readonly requirements: readonly FieldRequirement[];
  /** Whether fields fulfil every requirement. Allocates nothing. */
  readonly matches: FieldMatcher;

  constructor(requirements: readonly FieldRequirement[]) {
    this.requirements = requirements;
    this.matches = compileAll(requirements);
  }

  get matchesEverything(): boolean {
    return this.requirements.length === 0;
  }

  /** The value a field must have exactly, when there is one: lets an index or a single read stand in for a scan. */
  exactValue(field: string): string | undefined {
    return this.requirements.find((requirement) => requirement.field === field && requirement.operator === '=')?.value;
  }

  /** A selector of changed requirements: renamed fields, or refused ones when `change` throws. */
  map(change: (requirement: FieldRequirement) => FieldRequirement): FieldSelector {
    return new FieldSelector(this.requirements.map(change));
  }

  /** The canonical text: parsing it gives an equal selector. */
  toString(): string {
    return this.requirements.map(({ field, operator, value }) => `${field}${operator}${escapeValue(value)}`).join(',');
  }
}

function compileAll(requirements: readonly FieldRequirement[]): FieldMatcher {
  const matchers = requirements.map(compile);
  const [first, second] = matchers;
  if (first === undefined) return () => true;
  if (second === undefined) return first;
  return (fields) => {
    for (let i = 0; i < matchers.length; i++) if (!matchers[i]?.(fields)) return false;
    return true;
  };
}

function compile({ field, operator, value }: FieldRequirement): FieldMatcher {
  const wanted = operator === '=';
  return (fields) => (fieldOf(fields, field) === value) === wanted;
}

/** The type check keeps members of Object.prototype out. */
function fieldOf(fields: FieldValues, field: string): string {
  const value: unknown = fields[field];
  return typeof value === 'string' ? value : '';
}

/**
 * Reads `metadata.name=a,status.phase!=Running`, as in the parameter `fieldSelector`. In values `\`, `,` and `=` are
 * escaped by `\`. Throws 400 with upstream's text. Which fields exist is the resource's business.
 */
export function parseFieldSelector(text: string): FieldSelector {
  const terms = (text.match(/(?:\\.|[^,\\]|\\$)+/gs) ?? []).sort();
  return terms.length === 0 ? FieldSelector.everything : new FieldSelector(terms.map((term) => parseTerm(term, text)));
}

function parseTerm(term: string, selector: string): FieldRequirement {
  const [, field = '', operator, escaped = ''] = /^(.*?)(!=|==|=)(.*)$/s.exec(term) ?? [];
  if (operator === undefined) throw badRequest(`invalid selector: '${selector}'; can't understand '${term}'`);
  return { field, operator: operator === '!=' ? '!=' : '=', value: unescapeValue(escaped) };
}

function escapeValue(value: string): string {
  return value.replace(/[\\,=]/g, '\\$&');
}

function unescapeValue(escaped: string): string {
  return escaped.replace(/\\.?|[,=]/gsu, (match) => {
    if (match === ',' || match === '=') {
      throw badRequest(`invalid field selector: unescaped character in value: ${match.charCodeAt(0)}`);
    }
    const char = match.slice(1);
    if (char !== '\\' && char !== ',' && char !== '=') throw badRequest(`invalid field selector: invalid escape sequence: ${match}`);
    return char;
  });
}
