import { type FieldError, invalidField, path, pathSegmentName, required, validateObjectSelector } from '@keelson/machinery';
import { rbac } from '@keelson/schema';
import { defineResource, type Resource } from '@keelson/server';
import { removedVersion } from '../conversion/removed-version.js';
import { repeatedOnUpdate } from '../validation/repeat-on-update.js';
import type { EscalationGuard } from './escalation.js';
import { validateRules } from './rules-validation.js';

type ClusterRole = rbac.v1.ClusterRole;

function validateAggregation({ clusterRoleSelectors = [] }: rbac.v1.AggregationRule): FieldError[] {
  const at = path('aggregationRule', 'clusterRoleSelectors');
  if (clusterRoleSelectors.length === 0) return [required(at, 'at least one clusterRoleSelector required if aggregationRule is non-nil')];
  return clusterRoleSelectors.flatMap((selector, i) => {
    const errors = validateObjectSelector(selector, at.index(i));
    return errors.length === 0 ? [] : [...errors, invalidField(at.index(i), null, 'invalid label selector.')];
  });
}

function validate({ rules, aggregationRule }: ClusterRole, old: ClusterRole | undefined): FieldError[] {
  const aggregation = aggregationRule === undefined ? [] : validateAggregation(aggregationRule);
  return repeatedOnUpdate([...validateRules(rules, false), ...aggregation], old);
}

export function createClusterRoles(guard: EscalationGuard | undefined): Resource {
  return defineResource<ClusterRole>(rbac.v1.ClusterRole, {
    names: { plural: 'clusterroles' },
    scope: 'Cluster',
    metadataChecks: { own: 2 },
    storage: { key: 'clusterroles' },
    versions: [
      removedVersion(rbac.v1beta1.ClusterRole, { deprecated: '1.17', removed: '1.22', use: rbac.v1.ClusterRole }),
      removedVersion(rbac.v1alpha1.ClusterRole, { deprecated: '1.17', removed: '1.23', use: rbac.v1.ClusterRole }),
    ],
    createOnUpdate: true,
    ...(guard && { authorizeWrite: (role, old, context) => guard.checkClusterRole(role, old, context) }),
    nameForm: pathSegmentName,
    validate,
  });
}
