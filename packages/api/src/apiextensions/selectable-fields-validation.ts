import { duplicate, type FieldError, type FieldPath, invalidField, required, tooMany } from '@keelson/machinery';
import type { apiextensions, JsonSchema } from '@keelson/schema';
import { schemaAt } from './schema-at.js';

type Field = apiextensions.v1.SelectableField;

const MAX_FIELDS = 8;
const TYPES = ['string', 'boolean', 'integer'];

/** Fields of custom resources that selectors may name. */
export function validateSelectableFields(fields: readonly Field[], schema: JsonSchema, at: FieldPath): FieldError[] {
  const seen = new Set<string>();
  const errors = fields.flatMap(({ jsonPath }, i) => validateField(jsonPath, schema, at.index(i).child('jsonPath'), seen));
  return seen.size > MAX_FIELDS ? [...errors, tooMany(at, seen.size, MAX_FIELDS)] : errors;
}

function validateField(jsonPath: string, schema: JsonSchema, at: FieldPath, seen: Set<string>): FieldError[] {
  if (jsonPath === '') return [required(at)];
  const found = schemaAt(jsonPath, schema, false);
  if (typeof found === 'string') return [invalidField(at, jsonPath, `is an invalid path: ${found}`)];
  const errors: FieldError[] = [];
  if (/^\.metadata(\.|$)/.test(jsonPath)) errors.push(invalidField(at, jsonPath, 'must not point to fields in metadata'));
  if (!TYPES.includes(found.type ?? '')) {
    const detail = 'must point to a field of type string, boolean or integer. Enum string fields and strings with formats are allowed.';
    errors.push(invalidField(at, jsonPath, detail));
  }
  if (seen.has(jsonPath)) errors.push(duplicate(at, jsonPath));
  seen.add(jsonPath);
  return errors;
}
