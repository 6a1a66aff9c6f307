import { type Json, jsonEqual, type KubeObject } from '@keelson/machinery';
import type { apiextensions } from '@keelson/schema';
import type { ResourceDefinition, RuleTimes, StoredForm, WriteContext } from '@keelson/server';
import type { CustomKind } from '../kind/custom-kind.js';
import { applyStructuralDefaults, hasDefaults } from '../values/apply-structural-defaults.js';
import { type CustomValidation, customStatusValidation, customValidation } from '../values/custom-validation.js';
import { customScale } from './custom-scale.js';
import { customStatus } from './custom-status.js';
import { finalizerWarnings } from './finalizer-warnings.js';
import { validateScale, validateScaleStatus } from './validate-scale.js';

/** What a definition, or a program, says of a resource whose kind is made of a schema. */
export interface CustomDefinitionParts {
  readonly names: Required<Pick<apiextensions.v1.CustomResourceDefinitionNames, 'plural'>> &
    Pick<apiextensions.v1.CustomResourceDefinitionNames, 'singular' | 'shortNames' | 'categories' | 'listKind'>;
  readonly scope: string;
  readonly shown: CustomKind;
  readonly written: CustomKind;
  readonly form: StoredForm;
  readonly subresources: apiextensions.v1.CustomResourceSubresources | undefined;
  /** What is demanded of objects that are as the schema says. */
  readonly judge?: CustomValidation<WriteContext>;
  readonly times?: RuleTimes;
}

/** How such a resource behaves where its kind's schema and its subresources say it. */
export function customDefinition({ names, scope, shown, written, form, subresources = {}, judge, times }: CustomDefinitionParts) {
  const { schema } = shown;
  const { status, scale } = subresources;
  const judged = (bySchema: CustomValidation): CustomValidation<WriteContext> => (judge === undefined ? bySchema : inTurn(bySchema, judge));
  const validate = judged(customValidation(shown, schema, (object) => (scale ? validateScale(object, scale) : []), times));
  const validateStatus = judged(
    customStatusValidation(shown, schema, (object) => (scale ? validateScaleStatus(object, scale) : []), times),
  );
  return {
    names: {
      plural: names.plural,
      singular: names.singular ?? shown.kind.toLowerCase(),
      ...(names.listKind && { list: names.listKind }),
      ...(names.shortNames?.length && { short: names.shortNames }),
      ...(names.categories?.length && { categories: names.categories }),
    },
    scope: scope === 'Namespaced' ? 'Namespaced' : 'Cluster',
    storage: { key: `${shown.group}/${names.plural}`, format: 'json', kind: written, form },
    unconditionalUpdate: false,
    anyFinalizer: true,
    metadataChecks: { own: 0 },
    ...(status && { resetFields: ['status'] }),
    generationOf: status ? withoutMetadataAndStatus : withoutMetadata,
    isSameGeneration: (now: unknown, before: unknown) => jsonEqual(now as Json, before as Json),
    ...(hasDefaults(schema) && { defaults: (object: KubeObject) => applyStructuralDefaults(object as unknown as Json, schema) }),
    validate,
    warnings: finalizerWarnings,
    unsupportedField: (field: string) => `field label not supported: ${field}`,
    subresources: { ...(status && { status: customStatus(validateStatus) }), ...(scale && { scale: customScale(scale) }) },
  } satisfies ResourceDefinition<KubeObject>;
}

function inTurn(first: CustomValidation, second: CustomValidation<WriteContext>): CustomValidation<WriteContext> {
  return (...judged) => {
    const errors = first(...judged);
    return errors.length > 0 ? errors : second(...judged);
  };
}

function withoutMetadata({ metadata: _metadata, ...content }: KubeObject): object {
  return content;
}

function withoutMetadataAndStatus(object: KubeObject): object {
  const { metadata: _metadata, status: _status, ...content } = object as KubeObject & { status?: unknown };
  return content;
}
