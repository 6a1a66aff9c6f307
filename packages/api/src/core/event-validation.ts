import { type FieldError, invalidField, path, qualifiedName, required, semanticallyEqual } from '@keelson/machinery';
import { type core, internalForm, internalName } from '@keelson/schema';
import type { WriteContext } from '@keelson/server';

type Event = core.v1.Event;

/** Where events are kept that are about objects without a namespace: older and newer ones. */
const clusterNamespaces = { older: ['', 'default'], newer: ['default', 'kube-system'] };
const maxLength = 128;
const maxMessageLength = 1024;

/** Of newer events nobody asks whether they are where the object is, if it is anywhere. */
function validateNamespace({ metadata, involvedObject, eventTime }: Event): FieldError[] {
  const { namespace = '' } = involvedObject;
  const own = metadata.namespace ?? '';
  const elsewhere = eventTime ? own : namespace;
  const known = namespace === '' ? clusterNamespaces[eventTime ? 'newer' : 'older'] : [elsewhere];
  if (known.includes(own)) return [];
  return [invalidField(path('involvedObject', 'namespace'), namespace, 'does not match event.namespace')];
}

function validateText(text: string, field: string, limit = maxLength): FieldError[] {
  if (Buffer.byteLength(text) > limit) return [invalidField(path(field), '', `can have at most ${limit} characters`)];
  return text === '' && field !== 'message' ? [required(path(field))] : [];
}

/** What an event must say that has an `eventTime`: the mark of the newer ones (KEP-383). */
function validateReporter(event: Event, controllerField: string): FieldError[] {
  const controller = event.reportingComponent;
  return [
    ...(controller === '' ? [required(path(controllerField))] : []),
    ...qualifiedName(controller).map((detail) => invalidField(path(controllerField), controller, detail)),
    ...validateText(event.reportingInstance, 'reportingInstance'),
    ...validateText(event.action ?? '', 'action'),
    ...validateText(event.reason ?? '', 'reason'),
    ...validateText(event.message ?? '', 'message', maxMessageLength),
  ];
}

/** What newer events do not use any more. */
function validateUnset(event: Event): FieldError[] {
  const { source, firstTimestamp, lastTimestamp, count } = event;
  const used = {
    firstTimestamp: Boolean(firstTimestamp),
    lastTimestamp: Boolean(lastTimestamp),
    count: Boolean(count),
    source: Boolean(source?.component || source?.host),
  };
  return Object.entries(used)
    .filter(([, set]) => set)
    .map(([field]) => invalidField(path(field), '', 'needs to be unset'));
}

function validateNew(event: Event): FieldError[] {
  const { type = '', eventTime } = event;
  const errors = [...validateSeries(event), ...(eventTime ? [] : [required(path('eventTime'))])];
  if (type !== 'Normal' && type !== 'Warning') errors.push(invalidField(path('type'), '', `has invalid value: ${type}`));
  return [...errors, ...validateUnset(event)];
}

function validateSeries({ series }: Event): FieldError[] {
  if (!series) return [];
  return [
    ...((series.count ?? 0) < 2 ? [invalidField(path('series', 'count'), '', 'should be at least 2')] : []),
    ...(series.lastObservedTime ? [] : [required(path('series', 'lastObservedTime'))]),
  ];
}

/** Only how often it happened, and when last, may be told anew. The reason is looked at twice, and reported so. */
const fixedFields: readonly (keyof Event)[] = [
  'involvedObject',
  'reason',
  'message',
  'source',
  'firstTimestamp',
  'lastTimestamp',
  'count',
  'reason',
  'type',
  'eventTime',
  'action',
  'related',
  'reportingComponent',
  'reportingInstance',
];

/** How the newer version names fields that it names otherwise. */
const laterNames: Readonly<Partial<Record<keyof Event, string>>> = { reportingComponent: 'reportingController' };

/** A field as messages show it. */
function shown(event: Event, field: keyof Event): unknown {
  const form = internalForm('core.v1.Event', event) as Readonly<Record<string, unknown>>;
  return form[internalName('core.v1.Event', field)];
}

function validateFixed(event: Event, old: Event, field: keyof Event): FieldError[] {
  if (semanticallyEqual(event[field], old[field])) return [];
  return [invalidField(path(laterNames[field] ?? field), shown(event, field), 'field is immutable')];
}

function validateUnchanged(event: Event, old: Event): FieldError[] {
  const series = semanticallyEqual(event.series, old.series) ? [] : validateSeries(event);
  return [...series, ...fixedFields.flatMap((field) => validateFixed(event, old, field))];
}

/** The core version and the beta take events in the older form, too. */
export function validateEvent(event: Event, old: Event | undefined, { apiVersion }: WriteContext): FieldError[] {
  const core = apiVersion === 'v1';
  const errors = validateNamespace(event);
  if (event.eventTime) errors.push(...validateReporter(event, core ? 'reportingComponent' : 'reportingController'));
  if (core || apiVersion === 'events.k8s.io/v1beta1') return errors;
  return [...errors, ...(old === undefined ? validateNew(event) : validateUnchanged(event, old))];
}
