import type { Rule } from '../../rule.js';
import { notDns1035Label } from '../format-messages.js';

const openAPIV3Schema = {
  type: 'object',
  properties: { spec: { type: 'object', properties: Object.fromEntries([...'abcdefghi'].map((name) => [name, { type: 'string' }])) } },
};
const version = { name: 'v1', served: true, storage: true, schema: { openAPIV3Schema } };
const shown = (name: string, storage: boolean) =>
  `{"Name":"${name}","Served":true,"Storage":${storage},"Deprecated":false,"DeprecationWarning":null,"Schema":null,"Subresources":null,"AdditionalPrinterColumns":null,"SelectableFields":null}`;

/** A rule about what the only version says; of problems, the paths where the versions once shared it. */
function versionRule(rule: string, accepted: object, refused: object, ...errors: readonly string[]): Rule {
  const said = (some: object) => ({ 'spec.versions': [{ ...version, ...some }] });
  return { rule, accepted: said(accepted), refused: said(refused), errors };
}

const column = { name: 'Text', type: 'string', jsonPath: '.spec.text' };
const columns = (some: object) => ({ additionalPrinterColumns: [{ ...column, ...some }] });
const columnAt = 'spec.additionalPrinterColumns[0]';
const columnTypes = 'must be one of boolean,date,integer,number,string';

const scale = { specReplicasPath: '.spec.replicas', statusReplicasPath: '.status.replicas', labelSelectorPath: '.status.selector' };
const scaled = (some: object) => ({ subresources: { scale: { ...scale, ...some } } });
const scaleAt = 'spec.subresources.scale';

const selectable = (...paths: readonly string[]) => ({ selectableFields: paths.map((jsonPath) => ({ jsonPath })) });
const letters = (text: string) => [...text].map((letter) => `.spec.${letter}`);
const selectableAt = (i: number) => `spec.selectableFields[${i}].jsonPath`;
const scalars = 'must point to a field of type string, boolean or integer. Enum string fields and strings with formats are allowed.';

export const versionRules: readonly Rule[] = [
  versionRule(
    'a version is named by a label',
    { name: 'v1alpha1' },
    { name: '1' },
    `spec.versions[0].name: Invalid value: "1": ${notDns1035Label}`,
    `spec.version: Invalid value: "1": ${notDns1035Label}`,
  ),
  versionRule('a version has a schema', {}, { schema: undefined }, 'spec.versions[0].schema.openAPIV3Schema: Required value'),
  {
    rule: 'versions have names of their own',
    accepted: { 'spec.versions': [version, { ...version, name: 'v2', storage: false }] },
    refused: { 'spec.versions': [version, { ...version, storage: false }] },
    errors: [`spec.versions: Invalid value: [${shown('v1', true)},${shown('v1', false)}]: must contain unique version names`],
  },
  {
    rule: 'one version is that of storage',
    accepted: { 'spec.versions': [version, { ...version, name: 'v2', storage: false }] },
    refused: { 'spec.versions': [version, { ...version, name: 'v2' }] },
    errors: [
      `spec.versions: Invalid value: [${shown('v1', true)},${shown('v2', true)}]: must have exactly one version marked as storage version`,
      'status.storedVersions: Invalid value: ["v1"]: must have the storage version v2',
    ],
  },
  versionRule(
    'only what is deprecated warns',
    { deprecated: true, deprecationWarning: 'a'.repeat(256) },
    { deprecationWarning: 'a' },
    'spec.versions[0].deprecationWarning: Invalid value: "a": can only be set for deprecated versions',
  ),
  versionRule(
    'a warning is short',
    { deprecated: true },
    { deprecated: true, deprecationWarning: 'a'.repeat(257) },
    `spec.versions[0].deprecationWarning: Invalid value: "${'a'.repeat(257)}": must be <= 256 characters long`,
  ),
  versionRule('a column has a name', columns({}), columns({ name: '' }), `${columnAt}.name: Required value`),
  versionRule('a column has a type', columns({ type: 'date' }), columns({ type: '' }), `${columnAt}.type: Required value: ${columnTypes}`),
  versionRule(
    'a column has a known type',
    columns({ type: 'number' }),
    columns({ type: 'text' }),
    `${columnAt}.type: Invalid value: "text": ${columnTypes}`,
  ),
  versionRule(
    'a column has a known format',
    columns({ format: 'password' }),
    columns({ format: 'uuid' }),
    `${columnAt}.format: Invalid value: "uuid": must be one of byte,date,date-time,double,float,int32,int64,password`,
  ),
  versionRule('a column shows something', columns({}), columns({ jsonPath: '' }), `${columnAt}.JSONPath: Required value`),
  versionRule(
    'a column shows what is below the object',
    columns({ jsonPath: '.' }),
    columns({ jsonPath: 'spec' }),
    `${columnAt}.JSONPath: Invalid value: "spec": must be a simple json path starting with .`,
  ),
  versionRule('a scale has wanted replicas', scaled({}), scaled({ specReplicasPath: '' }), `${scaleAt}.specReplicasPath: Required value`),
  versionRule(
    'wanted replicas are in spec',
    scaled({}),
    scaled({ specReplicasPath: '.status.a' }),
    `${scaleAt}.specReplicasPath: Invalid value: ".status.a": should be a json path under .spec`,
  ),
  versionRule('a scale has replicas', scaled({}), scaled({ statusReplicasPath: '' }), `${scaleAt}.statusReplicasPath: Required value`),
  versionRule(
    'replicas are in status',
    scaled({}),
    scaled({ statusReplicasPath: '.spec.a' }),
    `${scaleAt}.statusReplicasPath: Invalid value: ".spec.a": should be a json path under .status`,
  ),
  versionRule(
    'paths of a scale are simple',
    scaled({}),
    scaled({ specReplicasPath: 'spec.a' }),
    `${scaleAt}.specReplicasPath: Invalid value: "spec.a": must be a simple json path starting with .`,
  ),
  versionRule(
    'the selector of a scale is in spec or status',
    scaled({ labelSelectorPath: '.spec.selector' }),
    scaled({ labelSelectorPath: '.metadata.labels' }),
    `${scaleAt}.labelSelectorPath: Invalid value: ".metadata.labels": should be a json path under either .spec or .status`,
  ),
  versionRule(
    'few fields can be selected by',
    selectable(...letters('abcdefgh')),
    selectable(...letters('abcdefghi')),
    'spec.selectableFields: Too many: 9: must have at most 8 items',
  ),
  versionRule('a field to select by has a path', selectable('.spec.a'), selectable(''), `${selectableAt(0)}: Required value`),
  versionRule(
    'a field to select by is named once',
    selectable('.spec.a', '.spec.b'),
    selectable('.spec.a', '.spec.a'),
    `${selectableAt(1)}: Duplicate value: ".spec.a"`,
  ),
  versionRule(
    'a field to select by is in the schema',
    selectable('.spec.a'),
    selectable('.spec.z'),
    `${selectableAt(0)}: Invalid value: ".spec.z": is an invalid path: does not refer to a valid field`,
  ),
  versionRule(
    'a field to select by is a scalar',
    selectable('.spec.a'),
    selectable('.spec'),
    `${selectableAt(0)}: Invalid value: ".spec": ${scalars}`,
  ),
  versionRule(
    'a field to select by is named from the top',
    selectable('.spec.a'),
    selectable('spec.a'),
    `${selectableAt(0)}: Invalid value: "spec.a": is an invalid path: expected [ or . but got: spec`,
  ),
  versionRule(
    'a field to select by has no keys',
    selectable('.spec.a'),
    selectable(".spec['a']"),
    `${selectableAt(0)}: Invalid value: ".spec['a']": is an invalid path: array notation is not allowed`,
  ),
  versionRule(
    'a path ends in a field',
    selectable('.spec.a'),
    selectable('.'),
    `${selectableAt(0)}: Invalid value: ".": is an invalid path: unexpected end of JSON path`,
  ),
];
