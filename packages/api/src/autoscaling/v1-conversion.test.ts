import { autoscaling } from '@keelson/schema';
import { describe, expect, it } from 'vitest';
import { autoscalerFromV2, autoscalerToV2 } from './v1-conversion.js';

type V2 = autoscaling.v2.HorizontalPodAutoscaler;

const others = [
  {
    type: 'Pods',
    pods: { metric: { name: 'qps', selector: { matchLabels: { a: 'b' } } }, target: { type: 'AverageValue', averageValue: '10' } },
  },
  {
    type: 'Object',
    object: {
      describedObject: { kind: 'Service', name: 's', apiVersion: 'v1' },
      target: { type: 'Value', value: '7' },
      metric: { name: 'r' },
    },
  },
  { type: 'External', external: { metric: { name: 'q' }, target: { type: 'AverageValue', averageValue: '5' } } },
  {
    type: 'ContainerResource',
    containerResource: { name: 'memory', target: { type: 'AverageValue', averageValue: '100Mi' }, container: 'c' },
  },
  { type: 'Resource', resource: { name: 'memory', target: { type: 'Utilization', averageUtilization: 70 } } },
];
const cpu = { type: 'Resource', resource: { name: 'cpu', target: { type: 'Utilization', averageUtilization: 60 } } };

function autoscaler(spec: object, status: object = {}, annotations?: Record<string, string>): V2 {
  return autoscaling.v2.HorizontalPodAutoscaler.codec.fromJson({
    metadata: { name: 'web', ...(annotations && { annotations }) },
    spec: { scaleTargetRef: { kind: 'Deployment', name: 'web', apiVersion: 'apps/v1' }, minReplicas: 1, maxReplicas: 5, ...spec },
    status,
  } as never);
}

function thereAndBack(given: V2): V2 {
  const v1 = autoscaling.v1.HorizontalPodAutoscaler.codec.fromJson(JSON.parse(JSON.stringify(autoscalerFromV2(structuredClone(given)))));
  return autoscaling.v2.HorizontalPodAutoscaler.codec.fromJson(JSON.parse(JSON.stringify(autoscalerToV2(v1))));
}

describe('autoscaling/v1', () => {
  it('has a field for the utilization of the CPU', () => {
    const { metadata, spec } = autoscalerFromV2(autoscaler({ metrics: [cpu] }));
    expect(spec.targetCPUUtilizationPercentage).toBe(60);
    expect(metadata).toEqual({ name: 'web' });
  });

  it('carries other metrics in an annotation', () => {
    const { metadata } = autoscalerFromV2(autoscaler({ metrics: [cpu, others[1]] }));
    expect(metadata.annotations).toEqual({
      'autoscaling.alpha.kubernetes.io/metrics':
        '[{"type":"Object","object":{"target":{"kind":"Service","name":"s","apiVersion":"v1"},"metricName":"r","targetValue":"7"}}]',
    });
  });

  it('writes the behaviour by its inner names', () => {
    const policies = [{ type: 'Pods', value: 4, periodSeconds: 15 }];
    const { metadata } = autoscalerFromV2(autoscaler({ metrics: [cpu], behavior: { scaleUp: { selectPolicy: 'Max', policies } } }));
    expect(metadata.annotations?.['autoscaling.alpha.kubernetes.io/behavior']).toBe(
      '{"ScaleUp":{"StabilizationWindowSeconds":null,"SelectPolicy":"Max","Policies":[{"Type":"Pods","Value":4,"PeriodSeconds":15}],' +
        '"Tolerance":null},"ScaleDown":null}',
    );
  });

  it('loses nothing on the way there and back', () => {
    const status = {
      currentReplicas: 2,
      desiredReplicas: 3,
      observedGeneration: 4,
      lastScaleTime: '2025-01-01T00:00:00Z',
      currentMetrics: [
        { type: 'Resource', resource: { name: 'cpu', current: { averageValue: '10m', averageUtilization: 33 } } },
        { type: 'Pods', pods: { metric: { name: 'qps' }, current: { averageValue: '7' } } },
      ],
      conditions: [{ type: 'AbleToScale', status: 'True', lastTransitionTime: '2025-01-01T00:00:00Z', reason: 'R', message: 'm' }],
    };
    const behavior = {
      scaleDown: { stabilizationWindowSeconds: 100, selectPolicy: 'Min', policies: [{ type: 'Pods', value: 1, periodSeconds: 60 }] },
    };
    const given = autoscaler({ metrics: [...others, cpu], behavior }, status, { mine: 'kept' });
    expect(thereAndBack(given)).toEqual(given);
  });

  it('takes annotations that cannot be read as absent', () => {
    const annotations = {
      'autoscaling.alpha.kubernetes.io/metrics': 'not json',
      'autoscaling.alpha.kubernetes.io/conditions': '{"type":"X"}',
      'autoscaling.alpha.kubernetes.io/behavior': '{"scaleUp":{"policies":7}}',
    };
    const v1 = autoscaling.v1.HorizontalPodAutoscaler.codec.fromJson({ metadata: { name: 'web', annotations }, spec: { maxReplicas: 2 } });
    const { metadata, spec, status } = autoscalerToV2(v1);
    expect(metadata).toEqual({ name: 'web' });
    expect(spec).toEqual({ scaleTargetRef: { kind: '', name: '' }, maxReplicas: 2 });
    expect(status).toEqual({ desiredReplicas: 0, currentMetrics: null });
  });
});
