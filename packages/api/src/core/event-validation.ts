import { type FieldError, invalidField, path, qualifiedName, required } from '@keelson/machinery';
import type { core } from '@keelson/schema';
import type { WriteContext } from '@keelson/server';

type Event = core.v1.Event;

/** Where events are kept that are about objects without a namespace. */
const clusterNamespaces: ReadonlySet<string> = new Set(['', 'default', 'kube-system']);
const maxLength = 128;
const maxMessageLength = 1024;

function validateNamespace({ metadata, involvedObject }: Event): FieldError[] {
  const { namespace = '' } = involvedObject;
  const expected = metadata.namespace ?? '';
  if (namespace === expected || (namespace === '' && clusterNamespaces.has(expected))) return [];
  return [invalidField(path('involvedObject', 'namespace'), namespace, 'does not match event.namespace')];
}

function validateText(text: string, field: string, limit = maxLength): FieldError[] {
  if (text.length > limit) return [invalidField(path(field), '', `can have at most ${limit} characters`)];
  return text === '' && field !== 'message' ? [required(path(field))] : [];
}

/** What an event must say that has an `eventTime`: the mark of the newer ones (KEP-383). */
function validateReporter(event: Event, controllerField: string): FieldError[] {
  const controller = event.reportingComponent;
  const errors = controller === '' ? [required(path(controllerField))] : [];
  if (controller !== '') errors.push(...qualifiedName(controller).map((detail) => invalidField(path(controllerField), controller, detail)));
  return [
    ...errors,
    ...validateText(event.reportingInstance, 'reportingInstance'),
    ...validateText(event.action ?? '', 'action'),
    ...validateText(event.reason ?? '', 'reason'),
    ...validateText(event.message ?? '', 'message', maxMessageLength),
  ];
}

/** The core version takes events in the older form, too. */
export function validateEvent(event: Event, old: Event | undefined, { apiVersion }: WriteContext): FieldError[] {
  const core = apiVersion === 'v1';
  const errors = validateNamespace(event);
  if (event.eventTime) errors.push(...validateReporter(event, core ? 'reportingComponent' : 'reportingController'));
  else if (!core && old === undefined) errors.push(required(path('eventTime')));
  return errors;
}
