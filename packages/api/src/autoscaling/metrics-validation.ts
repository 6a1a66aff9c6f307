import {
  dns1123Label,
  type FieldError,
  type FieldPath,
  forbiddenField,
  invalidField,
  notSupported,
  pathSegmentName,
  Quantity,
  required,
} from '@keelson/machinery';
import type { autoscaling } from '@keelson/schema';
import { validateForm } from '../validation/names.js';
import { validateContainerResourceName } from '../validation/resource-names.js';
import { validateReference } from './reference-validation.js';

type MetricSpec = autoscaling.v2.MetricSpec;
type Target = autoscaling.v2.MetricTarget;

/** Metric types and the field each one has its source in. */
const sources = {
  ContainerResource: 'containerResource',
  External: 'external',
  Object: 'object',
  Pods: 'pods',
  Resource: 'resource',
} as const satisfies Record<string, keyof MetricSpec>;

type Source = (typeof sources)[keyof typeof sources];

const targetTypes = ['Utilization', 'Value', 'AverageValue'];

function validatePositive(text: string | undefined, at: FieldPath): FieldError[] {
  return text === undefined || Quantity.parse(text).sign > 0 ? [] : [invalidField(at, text, 'must be positive')];
}

function validateTarget({ type, value, averageValue, averageUtilization }: Target, at: FieldPath): FieldError[] {
  const errors: FieldError[] = [];
  if (type === '') errors.push(required(at.child('type'), 'must specify a metric target type'));
  if (!targetTypes.includes(type)) {
    errors.push(invalidField(at.child('type'), type, 'must be either Utilization, Value, or AverageValue'));
  }
  errors.push(...validatePositive(value, at.child('value')), ...validatePositive(averageValue, at.child('averageValue')));
  if (averageUtilization !== undefined && averageUtilization < 1) {
    errors.push(invalidField(at.child('averageUtilization'), averageUtilization, 'must be greater than 0'));
  }
  return errors;
}

function validateName(name: string, at: FieldPath, missing: string): FieldError[] {
  if (name === '') return [required(at, missing)];
  return validateForm(name, at, pathSegmentName);
}

function validateIdentifier({ name }: autoscaling.v2.MetricIdentifier, at: FieldPath): FieldError[] {
  return validateName(name, at.child('name'), 'must specify a metric name');
}

function validateResource({ name, target }: autoscaling.v2.ResourceMetricSource, at: FieldPath): FieldError[] {
  const targetPath = at.child('target');
  const errors = [
    ...(name === '' ? [required(at.child('name'), 'must specify a resource name')] : []),
    ...validateTarget(target, targetPath),
  ];
  const { averageUtilization, averageValue } = target;
  if (averageUtilization === undefined && averageValue === undefined) {
    errors.push(required(targetPath.child('averageUtilization'), 'must set either a target raw value or a target utilization'));
  }
  if (averageUtilization !== undefined && averageValue !== undefined) {
    errors.push(forbiddenField(targetPath.child('averageValue'), 'may not set both a target raw value and a target utilization'));
  }
  return errors;
}

function validateContainerResource(source: autoscaling.v2.ContainerResourceMetricSource, at: FieldPath): FieldError[] {
  const { name, container } = source;
  return [
    ...(name === '' ? [] : validateContainerResourceName(name, at.child('name'))),
    ...(container === ''
      ? [required(at.child('container'), 'must specify a container')]
      : validateForm(container, at.child('container'), dns1123Label)),
    ...validateResource(source, at),
  ];
}

function validatePods({ metric, target }: autoscaling.v2.PodsMetricSource, at: FieldPath): FieldError[] {
  const errors = [...validateIdentifier(metric, at.child('metric')), ...validateTarget(target, at.child('target'))];
  if (target.averageValue === undefined) {
    errors.push(required(at.child('target', 'averageValue'), 'must specify a positive target averageValue'));
  }
  return errors;
}

function validateObject({ describedObject, metric, target }: autoscaling.v2.ObjectMetricSource, at: FieldPath): FieldError[] {
  const errors = [
    ...validateReference(describedObject, at.child('describedObject')),
    ...validateIdentifier(metric, at.child('metric')),
    ...validateTarget(target, at.child('target')),
  ];
  if (target.value === undefined && target.averageValue === undefined) {
    errors.push(required(at.child('target', 'averageValue'), 'must set either a target value or averageValue'));
  }
  return errors;
}

function validateExternal({ metric, target }: autoscaling.v2.ExternalMetricSource, at: FieldPath): FieldError[] {
  const errors = [...validateIdentifier(metric, at.child('metric')), ...validateTarget(target, at.child('target'))];
  const { value, averageValue } = target;
  if (value === undefined && averageValue === undefined) {
    errors.push(required(at.child('target', 'averageValue'), 'must set either a target value for metric or a per-pod target'));
  }
  if (value !== undefined && averageValue !== undefined) {
    errors.push(forbiddenField(at.child('target', 'value'), 'may not set both a target value for metric and a per-pod target'));
  }
  return errors;
}

const validators: Readonly<Record<Source, (spec: MetricSpec, at: FieldPath) => FieldError[]>> = {
  object: ({ object }, at) => (object ? validateObject(object, at) : []),
  external: ({ external }, at) => (external ? validateExternal(external, at) : []),
  pods: ({ pods }, at) => (pods ? validatePods(pods, at) : []),
  resource: ({ resource }, at) => (resource ? validateResource(resource, at) : []),
  containerResource: ({ containerResource }, at) => (containerResource ? validateContainerResource(containerResource, at) : []),
};

/** A metric has the one source that its type says; of several, the first is looked at. */
function validateMetric(spec: MetricSpec, at: FieldPath): FieldError[] {
  const { type } = spec;
  const expected = Object.hasOwn(sources, type) ? sources[type as keyof typeof sources] : undefined;
  const present = (Object.keys(validators) as Source[]).filter((source) => spec[source] !== undefined);
  const [first] = present;
  const errors = type === '' ? [required(at.child('type'), 'must specify a metric source type')] : [];
  const unknown = notSupported(at.child('type'), type, Object.keys(sources));
  if (expected === undefined) errors.push(unknown);
  if (first !== undefined) errors.push(...validators[first](spec, at.child(first)));
  // What is no type is also no type of any source, and is told twice.
  if (expected === undefined) errors.push(unknown);
  else if (spec[expected] === undefined) {
    errors.push(required(at.child(expected), 'must populate information for the given metric source'));
  }
  const surplus = present.length === 1 ? [] : present.filter((source) => source !== expected);
  return [...errors, ...surplus.map((source) => forbiddenField(at.child(source), 'must populate the given metric source only'))];
}

export function validateMetrics(specs: readonly MetricSpec[] | undefined, at: FieldPath): FieldError[] {
  return (specs ?? []).flatMap((spec, i) => validateMetric(spec, at.index(i)));
}
