import type { Json } from '@keelson/machinery';
import { type autoscaling, codecOf, DecodeError } from '@keelson/schema';
import { measuredToV1, measuredToV2, metricToV1, metricToV2 } from './metric-conversion.js';

type Spec = autoscaling.v2.HorizontalPodAutoscalerSpec;
type Status = autoscaling.v2.HorizontalPodAutoscalerStatus;
type Behavior = autoscaling.v2.HorizontalPodAutoscalerBehavior;
type ScalingRules = autoscaling.v2.HPAScalingRules;
type Condition = autoscaling.v2.HorizontalPodAutoscalerCondition;
type MetricSpec = autoscaling.v2.MetricSpec;
type Annotations = Record<string, string>;

const prefix = 'autoscaling.alpha.kubernetes.io/';
const metricsKey = `${prefix}metrics`;
const currentMetricsKey = `${prefix}current-metrics`;
const conditionsKey = `${prefix}conditions`;
const behaviorKey = `${prefix}behavior`;
/** Tolerances of the two halves of a behaviour. */
const directions = { scaleUp: `${prefix}scale-up-tolerance`, scaleDown: `${prefix}scale-down-tolerance` } as const;
const keys = [metricsKey, currentMetricsKey, conditionsKey, behaviorKey, ...Object.values(directions)];

/** The part of an autoscaler that autoscaling/v1 has no fields for. */
export interface Annotated {
  readonly metrics?: MetricSpec[];
  readonly behavior?: Behavior;
  readonly currentMetrics?: autoscaling.v2.MetricStatus[];
  readonly conditions?: Condition[];
}

/** The annotations by which autoscaling/v1 carries what it has no fields for; undefined when there are none. */
export function withAnnotated(
  annotations: Annotations | undefined,
  { behavior }: Spec,
  status: Status,
  otherMetrics: readonly MetricSpec[],
) {
  const { currentMetrics, conditions } = status;
  const added: Annotations = {};
  if (otherMetrics.length > 0) added[metricsKey] = JSON.stringify(otherMetrics.map(metricToV1));
  if (currentMetrics && currentMetrics.length > 0) added[currentMetricsKey] = JSON.stringify(currentMetrics.map(measuredToV1));
  if (conditions && conditions.length > 0) added[conditionsKey] = JSON.stringify(conditions);
  if (behavior !== undefined) added[behaviorKey] = JSON.stringify(behaviorToText(behavior));
  return Object.keys(added).length === 0 ? annotations : { ...withoutAnnotated(annotations), ...added };
}

/** The annotations by which autoscaling/v2beta1 carries the behaviour; undefined when there are none. */
export function withBehavior(annotations: Annotations | undefined, behavior: Behavior | undefined): Annotations | undefined {
  const own = withoutAnnotated(annotations);
  return behavior === undefined ? own : { ...own, [behaviorKey]: JSON.stringify(behaviorToText(behavior)) };
}

/** The annotations by which autoscaling/v2beta2 carries tolerances; undefined when there are none. */
export function withTolerances(annotations: Annotations | undefined, behavior: Behavior | undefined): Annotations | undefined {
  const added = Object.entries(directions).flatMap(([direction, key]) => {
    const tolerance = behavior?.[direction as keyof Behavior]?.tolerance;
    return tolerance === undefined ? [] : [[key, tolerance]];
  });
  const own = withoutAnnotated(annotations);
  return added.length === 0 ? own : { ...own, ...Object.fromEntries(added) };
}

/** The behaviour with the tolerances that annotations say. */
export function readTolerances(annotations: Annotations = {}, behavior: Behavior): Behavior {
  const rules = Object.entries(behavior).map(([direction, given]) => {
    const text = annotations[directions[direction as keyof Behavior]];
    return [direction, { ...given, ...readTolerance(text) }];
  });
  return Object.fromEntries(rules);
}

function readTolerance(text: string | undefined): Pick<ScalingRules, 'tolerance'> | undefined {
  return attempt(text, (tolerance) => codecOf<ScalingRules>('autoscaling.v2.HPAScalingRules').fromJson({ tolerance }));
}

/** The annotations that are the user's own; undefined when there are none. */
export function withoutAnnotated(annotations: Annotations | undefined): Annotations | undefined {
  if (annotations === undefined || !keys.some((key) => Object.hasOwn(annotations, key))) return annotations;
  const own = Object.entries(annotations).filter(([key]) => !keys.includes(key));
  return own.length === 0 ? undefined : Object.fromEntries(own);
}

/** What the annotations say. They are any text that a client cares to write: what cannot be read is as good as absent. */
export function readAnnotated(annotations: Annotations = {}): Annotated {
  const metrics = readList<autoscaling.v1.MetricSpec>(annotations[metricsKey], 'autoscaling.v1.MetricSpec');
  const measured = readList<autoscaling.v1.MetricStatus>(annotations[currentMetricsKey], 'autoscaling.v1.MetricStatus');
  const conditions = readList<Condition>(annotations[conditionsKey], 'autoscaling.v2.HorizontalPodAutoscalerCondition');
  const behavior = read(annotations[behaviorKey], (json) =>
    codecOf<Behavior>('autoscaling.v2.HorizontalPodAutoscalerBehavior').fromJson(lowerKeys(json)),
  );
  return {
    ...(metrics && { metrics: metrics.map(metricToV2) }),
    ...(measured && { currentMetrics: measured.map(measuredToV2) }),
    ...(conditions && { conditions }),
    ...(behavior && Object.keys(behavior).length > 0 && { behavior }),
  };
}

function readList<T extends object>(text: string | undefined, message: string): T[] | undefined {
  return read(text, (json) => {
    if (!Array.isArray(json)) throw new DecodeError(`not a list of ${message}`);
    return json.map((item) => codecOf<T>(message).fromJson(item));
  });
}

function read<T>(text: string | undefined, decode: (json: Json) => T): T | undefined {
  return attempt(text, (given) => decode(JSON.parse(given) as Json));
}

function attempt<T>(text: string | undefined, decode: (text: string) => T): T | undefined {
  if (text === undefined) return undefined;
  try {
    return decode(text);
  } catch (error) {
    if (error instanceof DecodeError || error instanceof SyntaxError) return undefined;
    throw error;
  }
}

/** The behaviour alone is written by the names that its fields have inside Kubernetes, absent ones as null. */
function behaviorToText({ scaleUp, scaleDown }: Behavior): Json {
  return { ScaleUp: rulesToText(scaleUp), ScaleDown: rulesToText(scaleDown) };
}

function rulesToText(rules: ScalingRules | undefined): Json {
  if (rules === undefined) return null;
  const { stabilizationWindowSeconds = null, selectPolicy = null, policies, tolerance = null } = rules;
  return {
    StabilizationWindowSeconds: stabilizationWindowSeconds,
    SelectPolicy: selectPolicy,
    Policies: policies?.map(({ type, value, periodSeconds }) => ({ Type: type, Value: value, PeriodSeconds: periodSeconds })) ?? null,
    Tolerance: tolerance,
  };
}

function lowerKeys(json: Json): Json {
  if (Array.isArray(json)) return json.map(lowerKeys);
  if (typeof json !== 'object' || json === null) return json;
  return Object.fromEntries(
    Object.entries(json).map(([key, value]) => [key.charAt(0).toLowerCase() + key.slice(1), lowerKeys(value as Json)]),
  );
}
