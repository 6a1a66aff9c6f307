import { applyStructuralDefaults, type CustomKind, customValidation } from '@keelson/extensions';
import { invalid, type Json, type KubeObject } from '@keelson/machinery';
import type { ActionSubresource } from '@keelson/server';
import { formCheck } from './form-check.js';
import type { SubresourceParts } from './subresource-parts.js';

/** An action as the server takes it. The body is judged by its schema before anything is done. */
export function actionSubresource(kind: CustomKind, { run }: SubresourceParts & { readonly type: 'action' }): ActionSubresource {
  const check = formCheck(kind);
  const validate = customValidation(kind, kind.schema, () => []);
  return {
    type: 'action',
    kind,
    defaults(body) {
      applyStructuralDefaults(body as unknown as Json, kind.schema);
      check(body);
    },
    async create(body, { namespace, name, user, context, validateAdmission, getParent, updateParent, updateParentStatus }) {
      const errors = validate(body, undefined, context);
      if (errors.length > 0) throw invalid(kind, name, errors);
      await validateAdmission();
      const request = { namespace, name, user, dryRun: context.dryRun, warn: (text: string) => context.warn(text), get: getParent };
      const answer: KubeObject = (await run(body, { ...request, update: updateParent, updateStatus: updateParentStatus })) ?? body;
      return kind.codec.fromJson(answer as unknown as Json);
    },
  };
}
