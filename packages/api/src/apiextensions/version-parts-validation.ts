import { type FieldError, type FieldPath, invalidField, required } from '@keelson/machinery';
import type { apiextensions } from '@keelson/schema';

type Column = apiextensions.v1.CustomResourceColumnDefinition;
type Subresources = apiextensions.v1.CustomResourceSubresources;
type Version = apiextensions.v1.CustomResourceDefinitionVersion;

const columnTypes = ['boolean', 'date', 'integer', 'number', 'string'];
const columnFormats = ['byte', 'date', 'date-time', 'double', 'float', 'int32', 'int64', 'password'];

export function validateColumn({ name, type, format = '', jsonPath }: Column, at: FieldPath): FieldError[] {
  const oneOf = (words: readonly string[]) => `must be one of ${words.join(',')}`;
  return [
    ...(name === '' ? [required(at.child('name'))] : []),
    ...(type === '' ? [required(at.child('type'), oneOf(columnTypes))] : []),
    ...(type !== '' && !columnTypes.includes(type) ? [invalidField(at.child('type'), type, oneOf(columnTypes))] : []),
    ...(format !== '' && !columnFormats.includes(format) ? [invalidField(at.child('format'), format, oneOf(columnFormats))] : []),
    ...(jsonPath === '' ? [required(at.child('JSONPath'))] : simplePath(jsonPath, at.child('JSONPath'))),
  ];
}

export function validateSubresources({ scale }: Subresources, at: FieldPath): FieldError[] {
  if (scale === undefined) return [];
  const { specReplicasPath, statusReplicasPath, labelSelectorPath } = scale;
  const here = (name: string) => at.child(`scale.${name}`);
  return [
    ...replicasPath(specReplicasPath, here('specReplicasPath'), '.spec'),
    ...replicasPath(statusReplicasPath, here('statusReplicasPath'), '.status'),
    ...(labelSelectorPath ? pathBelow(labelSelectorPath, here('labelSelectorPath'), ['.spec', '.status']) : []),
  ];
}

function replicasPath(path: string, at: FieldPath, below: string): FieldError[] {
  return path === '' ? [required(at)] : pathBelow(path, at, [below]);
}

function pathBelow(path: string, at: FieldPath, below: readonly string[]): FieldError[] {
  const errors = simplePath(path, at);
  if (errors.length > 0 || below.some((start) => path.startsWith(`${start}.`))) return errors;
  const where = below.length === 1 ? below[0] : `either ${below.join(' or ')}`;
  return [invalidField(at, path, `should be a json path under ${where}`)];
}

function simplePath(path: string, at: FieldPath): FieldError[] {
  return path.startsWith('.') ? [] : [invalidField(at, path, 'must be a simple json path starting with .')];
}

const MAX_WARNING = 256;

/** What is said to those who use a version that will go. */
export function validateDeprecation({ deprecated, deprecationWarning: warning }: Version, at: FieldPath): FieldError[] {
  if (warning === undefined) return [];
  const problems = deprecated ? warningProblems(warning) : ['can only be set for deprecated versions'];
  return problems.map((problem) => invalidField(at.child('deprecationWarning'), warning, problem));
}

function warningProblems(warning: string): string[] {
  const control = [...warning].findIndex((character) => /[\p{C}\u2028\u2029]|(?! )\p{Z}/u.test(character));
  return [
    ...(Buffer.byteLength(warning) > MAX_WARNING ? [`must be <= ${MAX_WARNING} characters long`] : []),
    ...(warning === '' ? ['must not be an empty string'] : []),
    ...(control < 0
      ? []
      : [
          `must only contain printable UTF-8 characters; non-printable character found at index ${Buffer.byteLength([...warning].slice(0, control).join(''))}`,
        ]),
  ];
}
