import { badRequest, type FieldError, invalid, path, required, validateAnnotations, validateNonNegative } from '@keelson/machinery';
import { apps, extensions, type KindSchema } from '@keelson/schema';
import { type ActionSubresource, createdStatus } from '@keelson/server';
import { deprecationText, type Lifecycle } from '../conversion/deprecation-text.js';
import { ofV1beta1 } from './early/early-lifecycle.js';
import { withRollback } from './rollback-annotation.js';

/** The same in extensions/v1beta1. */
type DeploymentRollback = apps.v1beta1.DeploymentRollback;

// apps/v1 has no rollback. Kubernetes tells to use it all the same.
const replacement = { group: 'apps', version: 'v1', kind: 'DeploymentRollback' } as KindSchema;

export const appsV1beta1Rollback = rollback(apps.v1beta1.DeploymentRollback, ofV1beta1(replacement));
export const extensionsRollback = rollback(extensions.v1beta1.DeploymentRollback, { deprecated: '1.8', removed: '1.16' });

/** `deployments/<name>/rollback`: asks for an earlier template, which the deployment's controller brings back. */
function rollback(of: KindSchema<DeploymentRollback>, lifecycle: Lifecycle): ActionSubresource {
  const kind = of as unknown as KindSchema;
  return {
    type: 'action',
    kind,
    deprecationWarning: deprecationText(kind, lifecycle),
    async create(object, { name, updateParent, validateAdmission }) {
      const asked = object as object as DeploymentRollback;
      const errors = validate(asked);
      if (errors.length > 0) throw invalid(replacement, asked.name, errors);
      if (asked.name !== name) throw badRequest('name in URL does not match name in DeploymentRollback object');
      await validateAdmission();
      await updateParent((deployment) => {
        const annotations = { ...deployment.metadata.annotations, ...asked.updatedAnnotations };
        deployment.metadata = withRollback({ ...deployment.metadata, annotations }, asked.rollbackTo.revision ?? 0);
      });
      return { ...createdStatus(), message: `rollback request for deployment ${JSON.stringify(name)} succeeded`, code: 200 };
    },
  };
}

function validate({ name, updatedAnnotations, rollbackTo }: DeploymentRollback): FieldError[] {
  return [
    ...validateAnnotations(updatedAnnotations, path('updatedAnnotations')),
    ...(name === '' ? [required(path('name'), 'name is required')] : []),
    ...validateNonNegative(rollbackTo.revision ?? 0, path('rollback', 'version')),
  ];
}
