import {
  dns1035Label,
  dns1123Label,
  dns1123Subdomain,
  GoUrl,
  generateNameForm,
  labelValue,
  type NameForm,
  qualifiedName,
  UrlError,
} from '@keelson/machinery';
import { textFormat } from '@keelson/schema';
import { declare, method, overload } from '../../environment/declarations.js';
import type { Library } from '../../environment/environment.js';
import { listOf, optionalOf, STRING, structType } from '../../types/type.js';
import { noSuchOverload } from '../../values/evaluation-error.js';
import { type CelValue, Opaque, Optional } from '../../values/value.js';

const FORMAT = structType('kubernetes.NamedFormat');

/** A form that names or other strings may be required to have. */
class FormatValue extends Opaque {
  readonly type = FORMAT;

  constructor(
    readonly name: string,
    readonly form: NameForm,
    readonly patternLength: number,
  ) {
    super();
  }

  /** What validating costs goes by the length of the pattern. */
  override get size(): number {
    return this.patternLength;
  }

  equals(other: CelValue): boolean {
    if (!(other instanceof FormatValue)) throw noSuchOverload();
    return this === other;
  }

  toString(): string {
    return this.name;
  }
}

const uri: NameForm = (text) => {
  const parsed = GoUrl.parseRequest(text);
  return parsed instanceof UrlError ? [parsed.message] : [];
};

/** Texts of a format that schemas know as well. */
function inFormat(name: string, otherwise: string): NameForm {
  const matches = textFormat(name);
  return (text) => (matches?.(text) ? [] : [otherwise]);
}

const DATE_TIME_PATTERN_LENGTH = 87;
const UUID_PATTERN_LENGTH = 86;

const FORMATS: ReadonlyMap<string, FormatValue> = new Map(
  (
    [
      ['dns1123Label', 'DNS1123Label', dns1123Label, 30],
      ['dns1123Subdomain', 'DNS1123Subdomain', dns1123Subdomain, 60],
      ['dns1035Label', 'DNS1035Label', dns1035Label, 30],
      ['qualifiedName', 'QualifiedName', qualifiedName, 60],
      ['dns1123LabelPrefix', 'DNS1123LabelPrefix', generateNameForm(dns1123Label), 30],
      ['dns1123SubdomainPrefix', 'DNS1123SubdomainPrefix', generateNameForm(dns1123Subdomain), 60],
      ['dns1035LabelPrefix', 'DNS1035LabelPrefix', generateNameForm(dns1035Label), 30],
      ['labelValue', 'LabelValue', labelValue, 40],
      ['uri', 'URI', uri, 1103],
      ['uuid', 'uuid', inFormat('uuid', 'does not match the UUID format'), UUID_PATTERN_LENGTH],
      ['byte', 'byte', inFormat('byte', 'invalid base64'), 84],
      ['date', 'date', inFormat('date', 'invalid date'), DATE_TIME_PATTERN_LENGTH],
      ['datetime', 'datetime', inFormat('datetime', 'invalid datetime'), DATE_TIME_PATTERN_LENGTH],
    ] as const
  ).map(([key, name, form, size]) => [key, new FormatValue(name, form, size)]),
);

function validate({ form }: FormatValue, text: string): Optional {
  const details = form(text);
  return details.length === 0 ? Optional.none : Optional.of(details);
}

function named(name: string): Optional {
  const format = FORMATS.get(name);
  return format === undefined ? Optional.none : Optional.of(format);
}

/** Kubernetes' named formats. */
export const FORMATS_LIBRARY: Library = {
  functions: [
    declare('validate', method('format-validate', [FORMAT, STRING], optionalOf(listOf(STRING)), validate)),
    declare('format.named', overload('format-named', [STRING], optionalOf(FORMAT), named)),
    ...[...FORMATS].map(([key, format]) =>
      declare(
        `format.${key}`,
        overload(`format.${key}`, [], FORMAT, () => format),
      ),
    ),
  ],
};
