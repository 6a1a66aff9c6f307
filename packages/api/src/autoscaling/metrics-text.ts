import type { autoscaling } from '@keelson/schema';

type MetricSpec = autoscaling.v2.MetricSpec;
type MetricStatus = autoscaling.v2.MetricStatus;
type Target = autoscaling.v2.MetricTarget;
type Current = autoscaling.v2.MetricValueStatus;

const shown = 2;
const unknown = '<unknown>';

/** Current and target values of an autoscaler's metrics, the first two of them. */
export function metricsText(specs: readonly MetricSpec[] | undefined, statuses: readonly MetricStatus[] | null | undefined): string {
  if (!specs || specs.length === 0) return '<none>';
  const texts = specs.slice(0, shown).map((spec, i) => metricText(spec, statuses?.[i]));
  const more = specs.length - shown;
  return `${texts.join(', ')}${more > 0 ? ` + ${more} more...` : ''}`;
}

function metricText(spec: MetricSpec, status: MetricStatus | undefined): string {
  switch (spec.type) {
    case 'External':
      return valueText(spec.external?.target, status?.external?.current);
    case 'Object':
      return valueText(spec.object?.target, status?.object?.current);
    case 'Pods':
      return `${status?.pods?.current.averageValue ?? unknown}/${spec.pods?.target.averageValue ?? unknown}`;
    case 'Resource':
      return resourceText(spec.resource, status?.resource?.current);
    case 'ContainerResource':
      return resourceText(spec.containerResource, status?.containerResource?.current);
    default:
      return '<unknown type>';
  }
}

function valueText(target: Target | undefined, current: Current | undefined): string {
  if (target?.averageValue !== undefined) return `${current?.averageValue ?? unknown}/${target.averageValue} (avg)`;
  return `${current?.value ?? unknown}/${target?.value ?? unknown}`;
}

function resourceText(resource: { readonly name: string; readonly target: Target } | undefined, current: Current | undefined): string {
  const { name = '', target } = resource ?? {};
  if (target?.averageValue !== undefined) return `${name}: ${current?.averageValue ?? unknown}/${target.averageValue}`;
  return `${name}: ${percent(current?.averageUtilization) ?? unknown}/${percent(target?.averageUtilization) ?? '<auto>'}`;
}

function percent(value: number | undefined): string | undefined {
  return value === undefined ? undefined : `${value}%`;
}
