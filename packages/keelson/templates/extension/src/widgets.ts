import { defineResource, s } from '@keelson/sdk';

/** Widgets of some size and color. */
export const widgets = defineResource({
  group: '__GROUP__',
  version: 'v1',
  kind: 'Widget',
  scope: 'Namespaced',
  names: { short: ['wd'] },
  description: 'A widget of some size and color.',
  spec: s.object({
    size: s.int32().min(1).max(100).describe('How large it is.').default(1),
    color: s.enum('red', 'green', 'blue').describe('Its color.').default('blue'),
    owner: s.string().describe('Who looks after it.').optional(),
  }),
  status: s.object({ ready: s.boolean() }),
  columns: {
    Size: { value: ({ spec }) => spec.size, type: 'integer' },
    Color: ({ spec }) => spec.color,
    Ready: ({ status }) => status?.ready ?? false,
  },
  validate: ({ spec }, { path }) => (spec.size > 10 && !spec.owner ? [path('spec', 'owner').required('for size > 10')] : []),
});
