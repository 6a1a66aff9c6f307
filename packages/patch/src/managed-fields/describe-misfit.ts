import type { Json, JsonObject } from '@keelson/machinery';
import { formatPlain, formatTyped, typeName } from '../go-format.js';
import { isJsonObject } from '../json/own-property.js';
import { ListItemError, listElement } from './list-element.js';
import { anyType, type ListType, type MergeType, type ScalarType, type StructType } from './merge-type.js';
import { fieldElement, formatElement, type PathElement } from './path-element.js';

export interface MisfitOptions {
  /** Whether items may be there twice. */
  readonly repeated?: boolean;
}

/**
 * Checks that an object fits its schema: every field is declared and has its type, and list items can be told apart.
 * Returns what is wrong, in the words of Kubernetes; '' when nothing is.
 */
export function describeMisfit(object: JsonObject, type: StructType, { repeated = false }: MisfitOptions = {}): string {
  const misfit = new Misfit(repeated);
  misfit.check(object, type, '');
  const texts = misfit.problems;
  if (texts.length <= 1) return texts[0] ?? '';
  return ['errors:', ...texts.map((text) => `  ${text}`)].join('\n');
}

class Misfit {
  readonly problems: string[] = [];
  readonly #repeated: boolean;

  constructor(repeated: boolean) {
    this.#repeated = repeated;
  }

  check(value: Json, type: MergeType, path: string): void {
    if (value === null || type.form === 'any' || type.form === 'opaque') return;
    if (type.form === 'scalar') this.#scalar(value, type, path);
    else if (type.form === 'list') {
      if (Array.isArray(value)) this.#items(value, type, path);
      else this.#report(path, `expected list, got ${shown(value)}`);
    } else if (isJsonObject(value)) this.#members(value, type.form === 'map' ? () => type.values : (name) => memberType(type, name), path);
    else this.#report(path, `expected map, got ${shown(value)}`);
  }

  #scalar(value: Json, { scalar }: ScalarType, path: string): void {
    switch (scalar) {
      case 'string':
        if (typeof value !== 'string') this.#report(path, `expected string, got &value.valueUnstructured{Value:${formatTyped(value)}}`);
        return;
      case 'numeric':
        if (typeof value !== 'number' && typeof value !== 'bigint')
          this.#report(path, `expected numeric (int or float), got ${typeName(value)}`);
        return;
      case 'boolean':
        if (typeof value !== 'boolean') this.#report(path, `expected boolean, got ${shown(value)}`);
        return;
      case 'untyped':
        if (typeof value === 'object') this.#report(path, `expected any scalar, got ${shown(value)}`);
    }
  }

  #members(object: JsonObject, typeOf: (name: string) => MergeType | undefined, path: string): void {
    for (const [name, value] of Object.entries(object)) {
      const member = path + formatElement(fieldElement(name));
      const type = typeOf(name);
      if (!type) {
        this.#report(member, 'field not declared in schema');
        return;
      }
      this.check(value, type, member);
    }
  }

  #items(list: readonly Json[], type: ListType, path: string): void {
    const seen = new Set<PathElement>();
    for (const [position, item] of list.entries()) {
      const element = type.relation === 'atomic' ? `i:${position}` : this.#element(item, position, type, path);
      if (element === undefined) return;
      if (seen.has(element) && !this.#repeated) this.#report(path, `duplicate entries for key ${formatElement(element)}`);
      seen.add(element);
      this.check(item, type.items, path + formatElement(element));
    }
  }

  #element(item: Json, position: number, type: ListType, path: string): PathElement | undefined {
    try {
      return listElement(item, type);
    } catch (error) {
      if (!(error instanceof ListItemError)) throw error;
      this.#report(path, `element ${position}: ${error.message}`);
      return undefined;
    }
  }

  #report(path: string, message: string): void {
    this.problems.push(path === '' ? message : `${path}: ${message}`);
  }
}

export function memberType(type: StructType, name: string): MergeType | undefined {
  return type.field(name)?.type ?? (type.open ? anyType : undefined);
}

function shown(value: Json): string {
  return `&{${formatPlain(value)}}`;
}
