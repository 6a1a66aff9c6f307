import { describe, expect, it } from 'vitest';
import { forbiddenField, invalidField, required } from '../field/field-error.js';
import { path } from '../field/path.js';
import * as errors from './api-error.js';

const pods = { group: '', resource: 'pods' };
const jobs = { group: 'batch', resource: 'jobs' };

describe('status', () => {
  it.each([
    [errors.badRequest('no'), 400, 'BadRequest', 'no', undefined],
    [errors.unauthorized(), 401, 'Unauthorized', 'Unauthorized', undefined],
    [errors.forbidden(pods, 'x', 'because'), 403, 'Forbidden', 'pods "x" is forbidden: because', { name: 'x', kind: 'pods' }],
    [errors.forbidden(jobs, '', 'because'), 403, 'Forbidden', 'jobs.batch is forbidden: because', { group: 'batch', kind: 'jobs' }],
    [errors.forbidden({ group: '', resource: '' }, '', 'because'), 403, 'Forbidden', 'forbidden: because', {}],
    [errors.notFound(jobs, 'x'), 404, 'NotFound', 'jobs.batch "x" not found', { name: 'x', group: 'batch', kind: 'jobs' }],
    [errors.pathNotFound(), 404, 'NotFound', 'the server could not find the requested resource', {}],
    [errors.methodNotAllowed(), 405, 'MethodNotAllowed', 'the server does not allow this method on the requested resource', {}],
    [errors.unsupportedPatchType(), 415, 'UnsupportedMediaType', '415: Unsupported Media Type', {}],
    [
      errors.unsupportedMediaType(['application/json', 'application/yaml']),
      415,
      'UnsupportedMediaType',
      'the body of the request was in an unknown format - accepted media types include: application/json, application/yaml',
      undefined,
    ],
    [errors.alreadyExists(pods, 'x'), 409, 'AlreadyExists', 'pods "x" already exists', { name: 'x', kind: 'pods' }],
    [
      errors.generateNameConflict(pods, 'x', 1),
      409,
      'AlreadyExists',
      'pods "x" already exists, the server was not able to generate a unique name for the object',
      { name: 'x', kind: 'pods', retryAfterSeconds: 1 },
    ],
    [errors.conflict(pods, 'x', 'why'), 409, 'Conflict', 'Operation cannot be fulfilled on pods "x": why', { name: 'x', kind: 'pods' }],
    [errors.requestEntityTooLarge('limit is 1'), 413, 'RequestEntityTooLarge', 'Request entity is too large: limit is 1', undefined],
    [errors.timeout('slow'), 504, 'Timeout', 'Timeout: slow', {}],
    [
      errors.tooLargeResourceVersion(9, 7),
      504,
      'Timeout',
      'Timeout: Too large resource version: 9, current: 7',
      { causes: [{ reason: 'ResourceVersionTooLarge', message: 'Too large resource version' }], retryAfterSeconds: 1 },
    ],
  ])('%s', (error, code, reason, message, details) => {
    expect(error.status).toEqual({
      kind: 'Status',
      apiVersion: 'v1',
      metadata: {},
      status: 'Failure',
      code,
      reason,
      message,
      ...(details && { details }),
    });
    expect(error.message).toBe(message);
  });

  it('has no reason where upstream has none', () => {
    expect(new errors.ApiError(500, '', 'x').status).not.toHaveProperty('reason');
  });

  it('quotes names as every message does', () => {
    expect(errors.notFound(pods, 'a\u200b"').message).toBe('pods "a\\u200b\\"" not found');
  });

  it('keeps the cause of internal errors', () => {
    const cause = new Error('boom');
    const error = errors.internalError(cause);
    expect(error.cause).toBe(cause);
    expect(error.status).toMatchObject({ message: 'Internal error occurred: boom', details: { causes: [{ message: 'boom' }] } });
  });
});

describe('invalid', () => {
  const deployment = { group: 'apps', kind: 'Deployment' };
  const bad = [invalidField(path('spec', 'replicas'), -1, 'must be greater than or equal to 0'), required(path('spec', 'template'))];

  it('shows one error plainly', () => {
    const error = errors.invalid(deployment, 'web', bad.slice(0, 1));
    expect(error.message).toBe('Deployment.apps "web" is invalid: spec.replicas: Invalid value: -1: must be greater than or equal to 0');
    expect(error.status.details).toEqual({
      name: 'web',
      group: 'apps',
      kind: 'Deployment',
      causes: [{ reason: 'FieldValueInvalid', message: 'Invalid value: -1: must be greater than or equal to 0', field: 'spec.replicas' }],
    });
  });

  it('lists several, each text once', () => {
    const error = errors.invalid(deployment, '', [...bad, ...bad.slice(1)]);
    expect(error.message).toBe(
      'Deployment.apps "" is invalid: [spec.replicas: Invalid value: -1: must be greater than or equal to 0, spec.template: Required value]',
    );
    expect(error.status.details?.causes).toHaveLength(3);
    expect(error.status.details).not.toHaveProperty('name');
  });

  it('works without a kind', () => {
    const error = errors.invalid({ group: '', kind: '' }, '', [forbiddenField('patch', 'no')]);
    expect(error.message).toBe(' "" is invalid: patch: Forbidden: no');
    expect(Object.keys(error.status.details ?? {})).toEqual(['causes']);
  });
});
