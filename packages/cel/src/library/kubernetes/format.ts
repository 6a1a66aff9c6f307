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

function matching(pattern: RegExp, otherwise: string): NameForm {
  return (text) => (pattern.test(text) ? [] : [otherwise]);
}

const uri: NameForm = (text) => {
  const parsed = GoUrl.parseRequest(text);
  return parsed instanceof UrlError ? [parsed.message] : [];
};

const DATE = /^\d{4}-\d{2}-\d{2}$/;

/** A day that the calendar has: of one that it has not, JavaScript makes none or another one. */
function isDate(text: string): boolean {
  if (!DATE.test(text)) return false;
  const day = new Date(`${text}T00:00:00Z`);
  return !Number.isNaN(day.getTime()) && day.toISOString().startsWith(text);
}

const date: NameForm = (text) => (isDate(text) ? [] : ['invalid date']);

const TIME = /^(\d{2}):(\d{2}):(\d{2})(?:.\d+)?(?:z|[+-]\d{2}:\d{2})$/s;
const dateTime: NameForm = (text) => {
  const [day = '', time = ''] = text.toLowerCase().split('t');
  const [, hours = '', minutes = '', seconds = ''] = TIME.exec(time) ?? [];
  const valid = hours !== '' && isDate(day) && hours <= '23' && minutes <= '59' && seconds <= '59';
  return valid ? [] : ['invalid datetime'];
};

const BASE64 = /^(?:[A-Za-z0-9+/]{4})*(?:[A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=|[A-Za-z0-9+/]{4})$/;
const UUID = /^[0-9a-f]{8}-?[0-9a-f]{4}-?[0-9a-f]{4}-?[0-9a-f]{4}-?[0-9a-f]{12}$/i;
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
      ['uuid', 'uuid', matching(UUID, 'does not match the UUID format'), UUID_PATTERN_LENGTH],
      ['byte', 'byte', matching(BASE64, 'invalid base64'), 84],
      ['date', 'date', date, DATE_TIME_PATTERN_LENGTH],
      ['datetime', 'datetime', dateTime, DATE_TIME_PATTERN_LENGTH],
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
