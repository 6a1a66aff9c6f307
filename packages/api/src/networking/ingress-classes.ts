import {
  dns1123Label,
  type FieldError,
  forbiddenField,
  path,
  required,
  tooLong,
  validateDomainPrefixedPath,
  validateImmutable,
} from '@keelson/machinery';
import { networking } from '@keelson/schema';
import { age, col, defineResource, nameColumn } from '@keelson/server';
import { removedVersion } from '../conversion/removed-version.js';
import { validateOptionalEnumerated } from '../validation/enumerated.js';
import { validateForm } from '../validation/names.js';
import { validateTypedReference } from '../validation/typed-reference.js';

type IngressClass = networking.v1.IngressClass;
type Parameters = networking.v1.IngressClassParametersReference;

const at = path('spec');
const maxControllerLength = 250;

function validateController(controller: string): FieldError[] {
  const here = at.child('controller');
  const errors = controller.length > maxControllerLength ? [tooLong(here, maxControllerLength)] : [];
  return [...errors, ...validateDomainPrefixedPath(controller, here)];
}

function validateParametersNamespace({ scope, namespace }: Parameters): FieldError[] {
  const here = at.child('parameters', 'namespace');
  if (scope === 'Namespace') {
    if (namespace === undefined) return [required(here, "`parameters.scope` is set to 'Namespace'")];
    return validateForm(namespace, here, dns1123Label);
  }
  if (scope !== 'Cluster' || namespace === undefined) return [];
  return [forbiddenField(here, "`parameters.scope` is set to 'Cluster'")];
}

function validateParameters(parameters: Parameters | undefined): FieldError[] {
  if (parameters === undefined) return [];
  const here = at.child('parameters');
  return [
    ...validateTypedReference(parameters, here),
    ...validateOptionalEnumerated(parameters.scope, here.child('scope'), ['Cluster', 'Namespace']),
    ...validateParametersNamespace(parameters),
  ];
}

function validate({ spec }: IngressClass, old: IngressClass | undefined): FieldError[] {
  const { controller = '', parameters } = spec;
  return [
    ...(old === undefined ? [] : validateImmutable(controller, old.spec.controller ?? '', at.child('controller'))),
    ...validateController(controller),
    ...validateParameters(parameters),
  ];
}

function parametersText({ parameters }: IngressClass['spec']): string {
  if (parameters === undefined) return '<none>';
  const { kind, apiGroup, name } = parameters;
  return `${apiGroup === undefined ? kind : `${kind}.${apiGroup}`}/${name}`;
}

export const ingressClasses = defineResource<IngressClass>(networking.v1.IngressClass, {
  names: { plural: 'ingressclasses' },
  scope: 'Cluster',
  storage: { key: 'ingressclasses' },
  versions: [
    // Kubernetes' own warning names the list.
    removedVersion(networking.v1beta1.IngressClass, {
      deprecated: '1.19',
      removed: '1.22',
      use: { ...networking.v1.IngressClass, kind: 'IngressClassList' },
    }),
  ],
  generationOf: ({ spec }) => spec,
  defaults({ spec }) {
    if (spec.parameters) spec.parameters.scope ??= 'Cluster';
  },
  validate,
  columns: [
    nameColumn(),
    col('Controller', ({ spec }) => spec.controller ?? ''),
    col('Parameters', ({ spec }) => parametersText(spec)),
    age(),
  ],
});
