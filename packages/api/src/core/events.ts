import { dns1123Subdomain, type KubeObject, pathSegmentName } from '@keelson/machinery';
import { core, events as eventsApi } from '@keelson/schema';
import { type Cell, type Column, col, defineResource, type Resource, since, type VersionDefinition, wide } from '@keelson/server';
import { removedVersion } from '../conversion/removed-version.js';
import { eventFromHub, eventToHub } from './event-conversion.js';
import { validateEvent } from './event-validation.js';

type Event = core.v1.Event;

function firstSeen({ firstTimestamp, eventTime }: Event): Cell {
  return since(firstTimestamp ?? eventTime);
}

function lastSeen(event: Event): Cell {
  if (event.series) return since(event.series.lastObservedTime);
  return event.lastTimestamp ? since(event.lastTimestamp) : firstSeen(event);
}

function objectText({ involvedObject }: Event): string {
  const { kind = '', name = '' } = involvedObject;
  return name === '' ? kind.toLowerCase() : `${kind.toLowerCase()}/${name}`;
}

function sourceText({ source, reportingComponent, reportingInstance }: Event): string {
  const parts = [source?.component || reportingComponent, source?.host || reportingInstance];
  return parts.filter(Boolean).join(', ');
}

const columns: readonly Column<Event>[] = [
  col('Last Seen', lastSeen),
  col('Type', ({ type }) => type ?? ''),
  col('Reason', ({ reason }) => reason ?? ''),
  col('Object', objectText),
  wide('Subobject', ({ involvedObject }) => involvedObject.fieldPath ?? ''),
  wide('Source', sourceText),
  col('Message', ({ message }) => message?.trim() ?? ''),
  wide('First Seen', firstSeen),
  wide('Count', ({ series, count }) => (series ? (series.count ?? 0) : count || 1)),
  col('Name', ({ metadata }) => metadata.name ?? '', { format: 'name', priority: 1 }),
];

/** What events.k8s.io selects by, with the core field that it is. */
const fieldNames = {
  reason: 'reason',
  type: 'type',
  'regarding.kind': 'involvedObject.kind',
  'regarding.namespace': 'involvedObject.namespace',
  'regarding.name': 'involvedObject.name',
  'regarding.uid': 'involvedObject.uid',
  'regarding.apiVersion': 'involvedObject.apiVersion',
  'regarding.resourceVersion': 'involvedObject.resourceVersion',
  'regarding.fieldPath': 'involvedObject.fieldPath',
  reportingController: 'reportingComponent',
};

/** All versions of events.k8s.io have one shape. */
const newerShape: Omit<VersionDefinition<Event>, 'kind'> = {
  toHub: (event) => eventToHub(event as eventsApi.v1.Event),
  fromHub: (event) => eventFromHub(event) as KubeObject,
  fieldNames,
};

/** Names of events were not always looked at; only the newest version does it. */
const strictMetadata = { nameForm: dns1123Subdomain, metadataChecks: { own: 0 } };

export interface EventsOptions {
  /** How long events are kept. */
  readonly ttlSeconds: number;
}

/** Events, as core/v1 and as events.k8s.io/v1: one store, two shapes. */
export function createEvents({ ttlSeconds }: EventsOptions): Resource {
  return defineResource<Event>(core.v1.Event, {
    names: { plural: 'events', short: ['ev'] },
    scope: 'Namespaced',
    metadataChecks: { own: 0, changes: 0 },
    storage: { key: 'events', cached: false, ttlSeconds: () => ttlSeconds },
    versions: [
      { kind: eventsApi.v1.Event, ...newerShape, metadataRules: strictMetadata },
      removedVersion(eventsApi.v1beta1.Event, { deprecated: '1.22', removed: '1.25' }, newerShape),
    ],
    createOnUpdate: true,
    defaultPropagation: () => 'none',
    nameForm: pathSegmentName,
    anyFinalizer: true,
    selectableFields: {
      'involvedObject.kind': ({ involvedObject }) => involvedObject.kind ?? '',
      'involvedObject.namespace': ({ involvedObject }) => involvedObject.namespace ?? '',
      'involvedObject.name': ({ involvedObject }) => involvedObject.name ?? '',
      'involvedObject.uid': ({ involvedObject }) => involvedObject.uid ?? '',
      'involvedObject.apiVersion': ({ involvedObject }) => involvedObject.apiVersion ?? '',
      'involvedObject.resourceVersion': ({ involvedObject }) => involvedObject.resourceVersion ?? '',
      'involvedObject.fieldPath': ({ involvedObject }) => involvedObject.fieldPath ?? '',
      reason: ({ reason }) => reason ?? '',
      reportingComponent: ({ reportingComponent }) => reportingComponent,
      source: ({ source, reportingComponent }) => source.component || reportingComponent,
      type: ({ type }) => type ?? '',
    },
    validate: validateEvent,
    columns,
  });
}
