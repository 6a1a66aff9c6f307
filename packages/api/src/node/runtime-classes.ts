import { dns1123Label, duplicate, type FieldError, path, semanticallyEqual, validateImmutable, validateLabels } from '@keelson/machinery';
import { node, validateTolerations } from '@keelson/schema';
import { age, col, defineResource, nameColumn } from '@keelson/server';
import { removedVersion } from '../conversion/removed-version.js';
import { validateResourceRequirements } from '../pod/validation/resources.js';
import { validateForm } from '../validation/names.js';
import { labelKeyWarnings } from '../warnings/node-label-warnings.js';
import { alphaRuntimeClass } from './alpha-runtime-class.js';
import { shownToleration } from './shown-toleration.js';

type RuntimeClass = node.v1.RuntimeClass;

/** What the class adds to its pods: a toleration once is enough. */
function validateScheduling({ nodeSelector, tolerations = [] }: node.v1.Scheduling): FieldError[] {
  const at = path('scheduling');
  const repeated = tolerations.filter((one, i) => tolerations.findIndex((other) => semanticallyEqual(other, one)) < i);
  return [
    ...validateLabels(nodeSelector, at.child('nodeSelector')),
    // The field is named twice.
    ...validateTolerations(tolerations, at.child('tolerations', 'tolerations')),
    ...repeated.map((one) => duplicate(at.child('tolerations').index(tolerations.indexOf(one)), shownToleration(one))),
  ];
}

function validate({ handler, overhead, scheduling }: RuntimeClass, old: RuntimeClass | undefined): FieldError[] {
  return [
    ...(old === undefined ? [] : validateImmutable(handler, old.handler, path('handler'))),
    ...validateForm(handler, path('handler'), dns1123Label),
    ...validateResourceRequirements({ limits: overhead?.podFixed ?? {} }, path('overhead')),
    ...(scheduling === undefined ? [] : validateScheduling(scheduling)),
  ];
}

export const runtimeClasses = defineResource<RuntimeClass>(node.v1.RuntimeClass, {
  names: { plural: 'runtimeclasses' },
  scope: 'Cluster',
  storage: { key: 'runtimeclasses' },
  versions: [
    removedVersion(node.v1beta1.RuntimeClass, { deprecated: '1.22', removed: '1.25' }),
    removedVersion(node.v1alpha1.RuntimeClass, { deprecated: '1.20', removed: '1.22', use: node.v1.RuntimeClass }, alphaRuntimeClass),
  ],
  anyFinalizer: true,
  createOnUpdate: true,
  unconditionalUpdate: false,
  validate,
  warnings: ({ scheduling }) =>
    Object.keys(scheduling?.nodeSelector ?? {}).flatMap((key) => labelKeyWarnings(key, path('scheduling', 'nodeSelector'))),
  columns: [nameColumn(), col('Handler', ({ handler }) => handler), age()],
});
