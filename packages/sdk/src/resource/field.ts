import {
  duplicate,
  type FieldError,
  type FieldPath,
  forbiddenField,
  invalidField,
  notFoundField,
  notSupported,
  required,
  path as startPath,
  tooLong,
  tooMany,
} from '@keelson/machinery';

/** A place in an object, and what can be wrong with it, in the words of Kubernetes. */
export class Field {
  readonly #path: FieldPath;

  constructor(path: FieldPath) {
    this.#path = path;
  }

  required(detail = ''): FieldError {
    return required(this.#path, detail);
  }

  invalid(value: unknown, detail: string): FieldError {
    return invalidField(this.#path, value, detail);
  }

  forbidden(detail: string): FieldError {
    return forbiddenField(this.#path, detail);
  }

  notSupported(value: unknown, supported: readonly string[]): FieldError {
    return notSupported(this.#path, value, supported);
  }

  duplicate(value: unknown): FieldError {
    return duplicate(this.#path, value);
  }

  notFound(value: unknown, detail = ''): FieldError {
    return notFoundField(this.#path, value, detail);
  }

  tooLong(maxBytes: number): FieldError {
    return tooLong(this.#path, maxBytes);
  }

  tooMany(count: number, max: number): FieldError {
    return tooMany(this.#path, count, max);
  }
}

/** `path('spec', 'items', 0, 'name')`: members by name, items of lists by number. */
export function path(first: string, ...more: readonly (string | number)[]): Field {
  const whole = more.reduce<FieldPath>((at, step) => (typeof step === 'number' ? at.index(step) : at.child(step)), startPath(first));
  return new Field(whole);
}
