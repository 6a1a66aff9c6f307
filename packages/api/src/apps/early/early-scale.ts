import type { KubeObject } from '@keelson/machinery';
import { apps, autoscaling, extensions, type KindSchema } from '@keelson/schema';
import type { PartSubresource, Scale } from '@keelson/server';
import { deprecationText, type Lifecycle } from '../../conversion/deprecation-text.js';
import { type ReplicatedWorkload, replicaScale } from '../replica-scale.js';
import { ofV1beta1, ofV1beta2 } from './early-lifecycle.js';

type EarlyScale = apps.v1beta2.Scale;

export const extensionsScale = <T extends ReplicatedWorkload>() =>
  earlyScale<T>(extensions.v1beta1.Scale, { deprecated: '1.2', removed: '1.16' });

export const appsV1beta1Scale = <T extends ReplicatedWorkload>() => earlyScale<T>(apps.v1beta1.Scale, ofV1beta1(autoscaling.v1.Scale));

export const appsV1beta2Scale = <T extends ReplicatedWorkload>() => earlyScale<T>(apps.v1beta2.Scale, ofV1beta2(autoscaling.v1.Scale));

/** The scale subresource in the kind that each version had before all shared autoscaling/v1. */
function earlyScale<T extends ReplicatedWorkload>(kind: KindSchema, lifecycle: Lifecycle): PartSubresource<T> {
  const scale = replicaScale<T>();
  return {
    ...scale,
    kind,
    deprecationWarning: deprecationText(kind, lifecycle),
    view: (parent) => withBothSelectors(scale.view?.(parent) as Scale, parent),
  };
}

/** The status has the selector as the text that autoscaling/v1 has and, where it is no more than labels, as these. */
function withBothSelectors({ metadata, spec, status }: Scale, { spec: { selector } }: ReplicatedWorkload): KubeObject {
  const { replicas = 0, selector: targetSelector } = status ?? {};
  const labels = (selector?.matchExpressions ?? []).length === 0 ? selector?.matchLabels : undefined;
  const early: EarlyScale = {
    metadata,
    spec: spec ?? {},
    status: { replicas, ...(labels && { selector: labels }), ...(targetSelector && { targetSelector }) },
  };
  return early;
}
