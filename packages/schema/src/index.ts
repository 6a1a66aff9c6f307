export * from './gen/index.js';
export { type Codec, DecodeError, type KindSchema, type StrictSink } from './kind.js';
export { builtInKind } from './kinds/built-in-kind.js';
export { type Kinds, kinds } from './kinds/kinds.js';
export type { FieldSchema, ListType, ScalarKind, SpecialForm, TypeSchema } from './schema.js';
export { typeSchema } from './table/type-schema.js';
