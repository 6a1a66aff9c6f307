import type { SelectorAttribute } from '../contracts/authorizer.js';
import { ApiError } from '../errors/api-error.js';
import { type FieldRequirement, parseFieldSelector } from './field-selector.js';
import { parseLabelSelector } from './parse-label-selector.js';
import type { Requirement } from './requirement.js';

/** A field selector as text, which is read when somebody asks: few authorizers do. */
export function fieldSelectorAttribute(text: string): SelectorAttribute<FieldRequirement> {
  return new SelectorText(text, parseFieldSelector);
}

/** The same of a label selector. */
export function labelSelectorAttribute(text: string): SelectorAttribute<Requirement> {
  return new SelectorText(text, parseLabelSelector);
}

class SelectorText<R> implements SelectorAttribute<R> {
  readonly #text: string;
  readonly #parse: (text: string) => { readonly requirements: readonly R[] };
  #read: SelectorAttribute<R> | undefined;

  constructor(text: string, parse: (text: string) => { readonly requirements: readonly R[] }) {
    this.#text = text;
    this.#parse = parse;
  }

  get requirements(): readonly R[] {
    return this.#selector.requirements;
  }

  get error(): string | undefined {
    return this.#selector.error;
  }

  get #selector(): SelectorAttribute<R> {
    this.#read ??= this.#readText();
    return this.#read;
  }

  #readText(): SelectorAttribute<R> {
    try {
      return this.#parse(this.#text);
    } catch (error) {
      if (error instanceof ApiError) return { requirements: [], error: error.message };
      throw error;
    }
  }
}
