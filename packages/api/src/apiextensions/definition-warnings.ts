import { quote } from '@keelson/machinery';
import { type apiextensions, isTextFormat, type JsonSchema } from '@keelson/schema';
import { schemaHas } from './schema-has.js';
import { schemasOf } from './schemas-of.js';

type Definition = apiextensions.v1.CustomResourceDefinition;

/** Of formats that mean nothing here, except those that the definition had before. */
export function definitionWarnings({ spec }: Definition, old: Definition | undefined): string[] {
  const before = new Set(old === undefined ? [] : unknownFormats(old));
  return unknownFormats({ spec }).flatMap((format) => (before.has(format) ? [] : [`unrecognized format ${quote(format)}`]));
}

function unknownFormats({ spec }: Pick<Definition, 'spec'>): string[] {
  const found: string[] = [];
  const collect = ({ type, format }: JsonSchema) => {
    if (type === 'string' && format && !isTextFormat(format)) found.push(format);
    return false;
  };
  for (const schema of schemasOf(spec)) schemaHas(schema, collect);
  return found;
}
