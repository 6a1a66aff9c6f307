import { defineResource, s } from '@keelson/sdk';

const BANNED: ReadonlySet<string> = new Set(['nothing']);
const AUTHOR = 'wardle.example.com/author';

const size = s.int32().min(0).max(100).describe('How large it is.').default(1);
const status = s.object({ ready: s.boolean(), replicas: s.int32().default(0), conditions: s.conditions().optional() });

/** A flunder refers to another flunder, or to a fischer, and is of some size. */
export const flunders = defineResource({
  group: 'wardle.example.com',
  version: 'v1',
  kind: 'Flunder',
  scope: 'Namespaced',
  names: { short: ['fl'], categories: ['all'] },
  description: 'A flunder refers to another flunder, or to a fischer, and is of some size.',
  spec: s.object({
    reference: s.string().maxLength(253).describe('Name of what it refers to.').optional(),
    referenceType: s.enum('Flunder', 'Fischer').describe('Kind of what it refers to.').default('Flunder'),
    size,
  }),
  status,
  scale: { replicas: '.spec.size', statusReplicas: '.status.replicas' },
  selectableFields: ['spec.reference'],
  columns: {
    Reference: ({ spec }) => (spec.reference === undefined ? '' : `${spec.referenceType}/${spec.reference}`),
    Size: { value: ({ spec }) => spec.size, type: 'integer' },
    Ready: ({ status }) => status?.ready ?? false,
  },
  validate: ({ spec }, { path }) => (spec.size > 10 && !spec.reference ? [path('spec', 'reference').required('for size > 10')] : []),
  admission: {
    mutate({ metadata }, { operation, user }) {
      if (operation === 'CREATE') metadata.annotations = { ...metadata.annotations, [AUTHOR]: user.name };
    },
    validate({ spec: { reference = '' } }, { operation, deny }) {
      if (operation !== 'DELETE' && BANNED.has(reference)) deny(`nobody may refer to ${reference}`);
    },
  },
}).withVersion('v1alpha1', {
  // There was a field for each kind of what it refers to.
  spec: s.object({ flunderReference: s.string().optional(), fischerReference: s.string().optional(), size }),
  status,
  deprecated: 'wardle.example.com/v1alpha1 Flunder is deprecated; use wardle.example.com/v1 Flunder',
  toMain({ spec: { flunderReference, fischerReference, size }, status }) {
    const reference = flunderReference ?? fischerReference;
    const referenceType = flunderReference === undefined && fischerReference !== undefined ? 'Fischer' : 'Flunder';
    return { spec: { ...(reference !== undefined && { reference }), referenceType, size }, ...(status && { status }) };
  },
  fromMain({ spec: { reference, referenceType, size }, status }) {
    const field = referenceType === 'Fischer' ? 'fischerReference' : 'flunderReference';
    return { spec: { ...(reference !== undefined && { [field]: reference }), size }, ...(status && { status }) };
  },
});
