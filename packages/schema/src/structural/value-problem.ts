import {
  type FieldError,
  invalidField,
  type Json,
  NO_PATH,
  notSupported,
  quote,
  required,
  tooLong,
  tooMany,
  typeInvalid,
} from '@keelson/machinery';

/** What is wrong with a value; `path` as messages name it: `spec.ports[0].name`, '' for the whole. */
export interface ValueProblem {
  /** `where`: the path of the validated whole. */
  toFieldError(where: string): FieldError;
}

/** At a place in the value. */
function placed(path: string, make: (place: string) => FieldError): ValueProblem {
  const name = path.startsWith('.') ? path.slice(1) : path;
  return { toFieldError: (where) => make(where === '' || name === '' ? where || name || NO_PATH : `${where}.${name}`) };
}

export function wrongType(path: string, wanted: string, found: string, value: Json = found): ValueProblem {
  return placed(path, (place) => typeInvalid(place, value, `${path} in body must be of type ${wanted}: ${quote(found)}`));
}

export function missing(path: string): ValueProblem {
  return placed(path, (place) => required(place));
}

export function notEnumerated(path: string, value: Json, allowed: readonly Json[]): ValueProblem {
  const texts = allowed.map((one) => (typeof one === 'string' ? one : JSON.stringify(one)));
  return placed(path, (place) => notSupported(place, value, texts));
}

export function overlong(path: string, max: number): ValueProblem {
  return placed(path, (place) => tooLong(place, max));
}

export function tooManyItems(path: string, actual: number, max: number): ValueProblem {
  return placed(path, (place) => tooMany(place, actual, max));
}

/** `spec.size in body should be greater than or equal to 1` */
export function unfit(path: string, value: Json, rule: string): ValueProblem {
  return placed(path, (place) => invalidField(place, value, `${path} in body ${rule}`));
}

/** Of a schema whose `multipleOf` nothing is a multiple of. */
export function impossibleFactor(path: string, factor: number | bigint): ValueProblem {
  return placed(path, (place) =>
    invalidField(place, factor as number, `factor MultipleOf declared for ${path} must be positive: ${factor}`),
  );
}

export function forbiddenProperty(path: string, name: string): ValueProblem {
  return placed(path, (place) => invalidField(place, '', `${path}.${name} in body is a forbidden property`));
}

/** What several schemas say together is told of the whole, not of a place in it. */
export function unmet(path: string, rule: string): ValueProblem {
  return { toFieldError: (where) => invalidField(where === '' ? NO_PATH : where, '', `${quote(path)} ${rule}`) };
}
