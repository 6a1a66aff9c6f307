import {
  dns1123Subdomain,
  type FieldError,
  type FieldPath,
  invalidField,
  type NameForm,
  path,
  pathSegmentName,
  required,
  semanticallyEqual,
} from '@keelson/machinery';
import { internalForm, networking } from '@keelson/schema';
import { age, col, defineResource, nameColumn } from '@keelson/server';
import { deprecationText } from '../conversion/deprecation-text.js';
import { canonicalIpDetails } from '../net/ip-validation.js';
import { validateOptionalForm, validateRequiredForm } from '../validation/names.js';

type IPAddress = networking.v1.IPAddress;

/** An address is named by its canonical text, so that none can be taken twice. */
const canonicalIp: NameForm = canonicalIpDetails;

function parentText({ spec }: IPAddress): string {
  if (spec.parentRef === undefined) return '<none>';
  const { group, resource, namespace, name } = spec.parentRef;
  const kind = group ? `${resource}.${group}` : resource;
  return [kind, namespace, name].filter(Boolean).join('/');
}

function shownParent({ parentRef }: IPAddress['spec']): unknown {
  return parentRef === undefined ? null : internalForm('networking.v1.ParentReference', parentRef);
}

function validate({ spec }: IPAddress, old: IPAddress | undefined): FieldError[] {
  const at = path('spec', 'parentRef');
  const { parentRef } = spec;
  const errors = validateParent(parentRef, at);
  if (old === undefined || semanticallyEqual(parentRef, old.spec.parentRef)) return errors;
  return [...errors, invalidField(at, shownParent(spec), 'field is immutable')];
}

function validateParent(parentRef: IPAddress['spec']['parentRef'], at: FieldPath): FieldError[] {
  if (parentRef === undefined) return [required(at)];
  const { group, resource = '', namespace, name = '' } = parentRef;
  return [
    ...validateOptionalForm(group, at.child('group'), dns1123Subdomain),
    ...validateRequiredForm(resource, at.child('resource'), pathSegmentName),
    ...validateRequiredForm(name, at.child('name'), pathSegmentName),
    ...validateOptionalForm(namespace, at.child('namespace'), pathSegmentName),
  ];
}

export const ipAddresses = defineResource<IPAddress>(networking.v1.IPAddress, {
  names: { plural: 'ipaddresses', singular: 'ipaddress', short: ['ip'] },
  scope: 'Cluster',
  storage: { key: 'ipaddresses' },
  versions: [
    {
      kind: networking.v1beta1.IPAddress,
      deprecationWarning: deprecationText(networking.v1beta1.IPAddress, { deprecated: '1.34', removed: '1.37' }),
    },
  ],
  nameForm: canonicalIp,
  // Nothing could stand behind an address.
  generateName: (beginning) => beginning,
  validate,
  // Rows end in the age, though no column says so.
  columns: [nameColumn(), col('ParentRef', parentText), { ...age<IPAddress>(), undeclared: true }],
});
