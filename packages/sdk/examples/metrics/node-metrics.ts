import { defineResource, type ObjectOf, s } from '@keelson/sdk';
import type { Samples } from './samples.js';

const fields = { timestamp: s.dateTime(), window: s.string(), usage: s.map(s.quantity()) };

/** How much a node uses. */
export type NodeMetrics = ObjectOf<never, never, typeof fields>;

/** What nodes use, of whoever samples it: nothing is stored. */
export const nodeMetrics = (samples: Samples) =>
  defineResource({
    group: 'sampled.example.com',
    version: 'v1',
    kind: 'NodeMetrics',
    scope: 'Cluster',
    names: { plural: 'nodes', singular: 'node', short: ['nm'] },
    description: 'How much a node uses.',
    fields,
    columns: {
      CPU: ({ usage }) => usage.cpu,
      Memory: ({ usage }) => usage.memory,
      Sampled: ({ timestamp }) => new Date(timestamp),
    },
    source: {
      list: () => samples.latest(),
      get: ({ name }) => samples.latest().find(({ metadata }) => metadata.name === name),
      watch: ({ signal }) => samples.changes(signal),
    },
  });
