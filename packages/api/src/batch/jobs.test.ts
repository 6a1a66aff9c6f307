import { batch } from '@keelson/schema';
import { describe, expect, it } from 'vitest';
import { jobStatusText } from './job-status-text.js';
import { validateJobStatus } from './job-status-validation.js';
import { jobs } from './jobs.js';
import { validateJob } from './jobs-validation.js';

type Job = batch.v1.Job;

function job(spec: object = {}, status: object = {}): Job {
  return batch.v1.Job.codec.fromJson({
    metadata: { name: 'pi', uid: 'u1', namespace: 'ns' },
    spec: { template: { spec: { restartPolicy: 'Never', containers: [{ name: 'c', image: 'i' }] } }, ...spec },
    status,
  } as never);
}

function created(spec: object = {}): Job {
  const made = job(spec);
  jobs.definition.defaults?.(made);
  jobs.definition.prepareForCreate?.(made, { warn: () => undefined } as never);
  return made;
}

/** As it is read again. */
function stored(spec: object = {}): Job {
  const made = created(spec);
  jobs.definition.defaults?.(made);
  return made;
}

const pending = { warn: () => undefined, apiVersion: 'batch/v1' };

describe('a new job', () => {
  it('selects the pods that are labelled with its uid', () => {
    const { metadata, spec } = created();
    const labels = {
      'batch.kubernetes.io/controller-uid': 'u1',
      'batch.kubernetes.io/job-name': 'pi',
      'controller-uid': 'u1',
      'job-name': 'pi',
    };
    expect(spec.selector).toEqual({ matchLabels: { 'batch.kubernetes.io/controller-uid': 'u1' } });
    expect(spec.template.metadata.labels).toEqual(labels);
    // Nobody is told that labels are wrong which only its reader gets to see.
    expect(metadata.labels).toBeUndefined();
    expect(stored().metadata.labels).toEqual(labels);
  });

  it('has what the server adds to labels that it has from its pods', () => {
    const template = { metadata: { labels: { z: '1' } }, spec: { restartPolicy: 'Never', containers: [{ name: 'c', image: 'i' }] } };
    const { metadata, spec } = created({ template });
    expect(Object.keys(metadata.labels ?? {})).toEqual([
      'batch.kubernetes.io/controller-uid',
      'batch.kubernetes.io/job-name',
      'controller-uid',
      'job-name',
      'z',
    ]);
    expect(spec.template.metadata.labels).toEqual(metadata.labels);
  });

  it('keeps a selector that is its author’s', () => {
    const { spec } = created({ manualSelector: true, selector: { matchLabels: { a: 'b' } } });
    expect(spec.selector).toEqual({ matchLabels: { a: 'b' } });
    expect(spec.template.metadata.labels).toBeUndefined();
  });

  it('is refused when its author labels the pods against the generated selector', () => {
    const template = {
      metadata: { labels: { 'job-name': 'other' } },
      spec: { restartPolicy: 'Never', containers: [{ name: 'c', image: 'i' }] },
    };
    expect(validateJob(created({ template }), undefined).map(String)).toEqual([
      'spec.template.metadata.labels[job-name]: Invalid value: {"batch.kubernetes.io/controller-uid":"u1","batch.kubernetes.io/job-name":"pi",' +
        '"controller-uid":"u1","job-name":"other"}: must be \'pi\'',
    ]);
  });

  it.each([
    [{}, { completions: 1, parallelism: 1, backoffLimit: 6, podReplacementPolicy: 'TerminatingOrFailed' }],
    [{ parallelism: 3 }, { parallelism: 3, backoffLimit: 6 }],
    [{ completions: 4 }, { completions: 4, parallelism: 1 }],
    [{ backoffLimitPerIndex: 1 }, { backoffLimit: 2147483647 }],
    [{ podFailurePolicy: { rules: [] } }, { podReplacementPolicy: 'Failed' }],
  ])('with %j gets %j', (given, expected) => {
    expect(created(given).spec).toMatchObject(expected);
  });

  it('that works off a queue has no number of completions', () => {
    expect(created({ parallelism: 3 }).spec.completions).toBeUndefined();
  });
});

describe('a deleted job', () => {
  it('leaves its pods, with a warning where nobody said so', () => {
    expect(jobs.definition.defaultPropagation?.(pending)).toBe('Orphan');
    expect(jobs.definition.deleteWarnings?.(pending)).toEqual([
      'child pods are preserved by default when jobs are deleted; set propagationPolicy=Background to remove them ' +
        'or set propagationPolicy=Orphan to suppress this warning',
    ]);
    expect(jobs.definition.deleteWarnings?.({ ...pending, explicitPolicy: true })).toEqual([]);
  });
});

describe('a status', () => {
  const condition = (type: string) => ({ type, status: 'True' });

  it.each([
    [[], 'Running'],
    [['Suspended'], 'Suspended'],
    [['SuccessCriteriaMet'], 'SuccessCriteriaMet'],
    [['FailureTarget', 'Failed'], 'Failed'],
    [['SuccessCriteriaMet', 'Complete'], 'Complete'],
  ])('with the conditions %j reads %s', (types, text) => {
    expect(jobStatusText(job({}, { conditions: types.map(condition) }))).toBe(text);
  });

  it('cannot end a job without saying why first', () => {
    const ended = job(
      {},
      { conditions: [condition('Complete')], startTime: '2024-01-01T00:00:00Z', completionTime: '2024-01-01T00:00:01Z' },
    );
    expect(validateJobStatus(ended, job()).map(String)).toEqual([
      'status.conditions: Invalid value: cannot set Complete=True condition without the SuccessCriteriaMet=true condition',
    ]);
  });

  it('cannot take back an end, nor count backwards', () => {
    const before = job({}, { failed: 2, conditions: [condition('FailureTarget'), condition('Failed')] });
    const after = job({}, { failed: 1, conditions: [condition('FailureTarget')] });
    expect(validateJobStatus(after, before).map(String)).toEqual([
      'status.conditions: Invalid value: cannot disable the terminal Failed=True condition',
      'status.failed: Invalid value: 1: cannot decrease the failed counter',
    ]);
  });
});
