import { applyStructuralDefaults, type CustomKind, type CustomValidation } from '@keelson/extensions';
import type { Json, KubeObject } from '@keelson/machinery';
import type { WriteContext } from '@keelson/server';
import { path } from './field.js';
import { formCheck } from './form-check.js';
import type { Behavior } from './resource-options.js';

/** Defaults of the schema, then, of what is as it should be, those of the author. */
export function authorDefaults(kind: CustomKind, more: Behavior<KubeObject>['defaults']): (object: KubeObject) => void {
  const check = formCheck(kind);
  return (object) => {
    applyStructuralDefaults(object as unknown as Json, kind.schema);
    check(object);
    more?.(object);
  };
}

/** What an author's validation is asked with. */
export function authorJudgement(validate: NonNullable<Behavior<KubeObject>['validate']>): CustomValidation<WriteContext> {
  return (object, old, context) => [...validate(object, { path, old, user: context.user, warn: (text) => context.warn(text) })];
}
