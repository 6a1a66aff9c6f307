import type { autoscaling } from '@keelson/schema';
import { present } from '../conversion/present.js';

type V1Spec = autoscaling.v1.MetricSpec;
type V2Spec = autoscaling.v2.MetricSpec;
type V1Status = autoscaling.v1.MetricStatus;
type V2Status = autoscaling.v2.MetricStatus;
type Identifier = autoscaling.v2.MetricIdentifier;
type Selector = Identifier['selector'];

/** Quantities that the flat form must have and the newer one may leave out. */
const zero = '0';

function identifier(name: string, selector: Selector): Identifier {
  return present<Identifier>({ name, selector });
}

function resourceTarget(utilization: number | undefined, averageValue: string | undefined): autoscaling.v2.MetricTarget {
  const type = utilization === undefined ? 'AverageValue' : 'Utilization';
  return present<autoscaling.v2.MetricTarget>({ type, averageValue, averageUtilization: utilization });
}

/** The flat form of a metric (autoscaling/v1, v2beta1) as the one with targets. */
export function metricToV2({ type, object, pods, resource, containerResource, external }: V1Spec): V2Spec {
  return present<V2Spec>({
    type,
    object: object && {
      describedObject: object.target,
      target: objectTarget(object),
      metric: identifier(object.metricName, object.selector),
    },
    pods: pods && {
      metric: identifier(pods.metricName, pods.selector),
      target: { type: 'AverageValue', averageValue: pods.targetAverageValue },
    },
    resource: resource && {
      name: resource.name,
      target: resourceTarget(resource.targetAverageUtilization, resource.targetAverageValue),
    },
    containerResource: containerResource && {
      name: containerResource.name,
      target: resourceTarget(containerResource.targetAverageUtilization, containerResource.targetAverageValue),
      container: containerResource.container,
    },
    external: external && {
      metric: identifier(external.metricName, external.metricSelector),
      target: present<autoscaling.v2.MetricTarget>({
        type: external.targetValue === undefined ? 'AverageValue' : 'Value',
        value: external.targetValue,
        averageValue: external.targetAverageValue,
      }),
    },
  });
}

function objectTarget({ targetValue, averageValue }: autoscaling.v1.ObjectMetricSource): autoscaling.v2.MetricTarget {
  if (averageValue === undefined) return { type: 'Value', value: targetValue };
  return present<autoscaling.v2.MetricTarget>({
    type: 'AverageValue',
    value: targetValue === zero ? undefined : targetValue,
    averageValue,
  });
}

/** A metric with a target in the flat form. Members in the order in which they are printed. */
export function metricToV1({ type, object, pods, resource, containerResource, external }: V2Spec): V1Spec {
  return present<V1Spec>({
    type,
    object:
      object &&
      present<autoscaling.v1.ObjectMetricSource>({
        target: object.describedObject,
        metricName: object.metric.name,
        targetValue: object.target.value ?? zero,
        selector: object.metric.selector,
        averageValue: object.target.averageValue,
      }),
    pods:
      pods &&
      present<autoscaling.v1.PodsMetricSource>({
        metricName: pods.metric.name,
        targetAverageValue: pods.target.averageValue ?? zero,
        selector: pods.metric.selector,
      }),
    resource:
      resource &&
      present<autoscaling.v1.ResourceMetricSource>({
        name: resource.name,
        targetAverageUtilization: resource.target.averageUtilization,
        targetAverageValue: resource.target.averageValue,
      }),
    containerResource:
      containerResource &&
      present<autoscaling.v1.ContainerResourceMetricSource>({
        name: containerResource.name,
        targetAverageUtilization: containerResource.target.averageUtilization,
        targetAverageValue: containerResource.target.averageValue,
        container: containerResource.container,
      }),
    external:
      external &&
      present<autoscaling.v1.ExternalMetricSource>({
        metricName: external.metric.name,
        metricSelector: external.metric.selector,
        targetValue: external.target.value,
        targetAverageValue: external.target.averageValue,
      }),
  });
}

function current(
  value: string | undefined,
  averageValue: string | undefined,
  averageUtilization?: number,
): autoscaling.v2.MetricValueStatus {
  return present<autoscaling.v2.MetricValueStatus>({ value, averageValue, averageUtilization });
}

/** As `metricToV2`, for what was measured. */
export function measuredToV2({ type, object, pods, resource, containerResource, external }: V1Status): V2Status {
  return present<V2Status>({
    type,
    object: object && {
      metric: identifier(object.metricName, object.selector),
      current: current(object.currentValue, object.averageValue),
      describedObject: object.target,
    },
    pods: pods && { metric: identifier(pods.metricName, pods.selector), current: current(undefined, pods.currentAverageValue) },
    resource: resource && {
      name: resource.name,
      current: current(undefined, resource.currentAverageValue, resource.currentAverageUtilization),
    },
    containerResource: containerResource && {
      name: containerResource.name,
      current: current(undefined, containerResource.currentAverageValue, containerResource.currentAverageUtilization),
      container: containerResource.container,
    },
    external: external && {
      metric: identifier(external.metricName, external.metricSelector),
      current: current(external.currentValue, external.currentAverageValue),
    },
  });
}

/** As `metricToV1`, for what was measured. */
export function measuredToV1({ type, object, pods, resource, containerResource, external }: V2Status): V1Status {
  return present<V1Status>({
    type,
    object:
      object &&
      present<autoscaling.v1.ObjectMetricStatus>({
        target: object.describedObject,
        metricName: object.metric.name,
        currentValue: object.current.value ?? zero,
        selector: object.metric.selector,
        averageValue: object.current.averageValue,
      }),
    pods:
      pods &&
      present<autoscaling.v1.PodsMetricStatus>({
        metricName: pods.metric.name,
        currentAverageValue: pods.current.averageValue ?? zero,
        selector: pods.metric.selector,
      }),
    resource:
      resource &&
      present<autoscaling.v1.ResourceMetricStatus>({
        name: resource.name,
        currentAverageUtilization: resource.current.averageUtilization,
        currentAverageValue: resource.current.averageValue ?? zero,
      }),
    containerResource:
      containerResource &&
      present<autoscaling.v1.ContainerResourceMetricStatus>({
        name: containerResource.name,
        currentAverageUtilization: containerResource.current.averageUtilization,
        currentAverageValue: containerResource.current.averageValue ?? zero,
        container: containerResource.container,
      }),
    external:
      external &&
      present<autoscaling.v1.ExternalMetricStatus>({
        metricName: external.metric.name,
        metricSelector: external.metric.selector,
        currentValue: external.current.value ?? zero,
        currentAverageValue: external.current.averageValue,
      }),
  });
}
