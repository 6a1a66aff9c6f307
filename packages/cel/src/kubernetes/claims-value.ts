import type { UserInfo } from '@keelson/machinery';
import { CelList, CelMap, type CelValue, Double, isJsonMap, type JsonMap } from '../values/value.js';
import { unescapeName } from './escaped-name.js';

/** The claims of a token as expressions see them: numbers are doubles, and names inside of claims may be escaped. */
export function claimsValue(claims: JsonMap): CelMap {
  return new Members(claims, false);
}

/** A user as expressions that validate one see it: everything is there, be it empty, and keys of extras may be escaped. */
export function mappedUserValue({ name, uid = '', groups, extra = {} }: UserInfo): CelMap {
  return new Members({ username: name, uid, groups, extra }, false);
}

function native(value: unknown): CelValue {
  if (typeof value === 'number') return new Double(value);
  if (Array.isArray(value)) return new Elements(value);
  return isJsonMap(value) ? new Members(value, true) : ((value ?? null) as CelValue);
}

class Members extends CelMap {
  readonly #members: JsonMap;
  readonly #escaped: boolean;

  constructor(members: JsonMap, escaped: boolean) {
    super();
    this.#members = members;
    this.#escaped = escaped;
  }

  get size(): number {
    return Object.keys(this.#members).length;
  }

  find(key: CelValue): CelValue | undefined {
    if (typeof key !== 'string') return undefined;
    const name = this.#escaped ? (unescapeName(key) ?? key) : key;
    return Object.hasOwn(this.#members, name) ? native(this.#members[name]) : undefined;
  }

  keys(): Iterable<CelValue> {
    return Object.keys(this.#members);
  }
}

class Elements extends CelList {
  readonly #elements: readonly unknown[];

  constructor(elements: readonly unknown[]) {
    super();
    this.#elements = elements;
  }

  get size(): number {
    return this.#elements.length;
  }

  at(index: number): CelValue {
    return native(this.#elements[index]);
  }
}
