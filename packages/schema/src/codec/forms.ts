import { InlineMapForm, stringList } from './forms/collection-forms.js';
import { FieldsV1Form } from './forms/fields-v1-form.js';
import { RawExtensionForm, RawJsonForm, UnknownForm } from './forms/raw-json-forms.js';
import type { SchemaAlternative } from './forms/schema-union-form.js';
import { DurationForm, MicroTimeForm, TimeForm } from './forms/time-forms.js';
import { IntOrStringForm, QuantityForm } from './forms/value-forms.js';
import type { ValueCodec } from './value-codec.js';

const rawJson = new RawJsonForm();

/** The forms that stand alone. */
export const plainForms = {
  time: new TimeForm(),
  microTime: new MicroTimeForm(),
  duration: new DurationForm(),
  quantity: new QuantityForm(),
  intOrString: new IntOrStringForm(),
  rawExtension: new RawExtensionForm(),
  fieldsV1: new FieldsV1Form(),
  json: rawJson,
  unknown: new UnknownForm(),
  stringList,
  inlineMap: new InlineMapForm(),
} as const satisfies Readonly<Record<string, ValueCodec>>;

/** What the alternative to a schema is, by form. */
export const schemaUnions = {
  jsonSchemaPropsOrBool: 'bool',
  jsonSchemaPropsOrArray: 'schemas',
  jsonSchemaPropsOrStringArray: 'strings',
} as const satisfies Readonly<Record<string, SchemaAlternative>>;

/** JSON text of the zero value: what prints where a field that is always printed is not set. */
export const zeroJson: Readonly<Record<string, string>> = {
  time: 'null',
  microTime: 'null',
  duration: '"0s"',
  quantity: '"0"',
  intOrString: '0',
  rawExtension: 'null',
  fieldsV1: 'null',
  json: 'null',
  unknown: 'null',
  stringList: 'null',
  inlineMap: '{}',
  jsonSchemaPropsOrBool: 'false',
  jsonSchemaPropsOrArray: 'null',
  jsonSchemaPropsOrStringArray: 'null',
};
