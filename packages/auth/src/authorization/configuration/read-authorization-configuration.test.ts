import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { readAuthorizationConfiguration } from './read-authorization-configuration.js';

let dir: string;
let kubeConfigFile: string;
beforeAll(async () => {
  dir = await mkdtemp(join(tmpdir(), 'authorization-'));
  kubeConfigFile = join(dir, 'kubeconfig');
  await writeFile(kubeConfigFile, '');
});
afterAll(() => rm(dir, { recursive: true }));

const file = (authorizers: unknown, version = 'v1') =>
  JSON.stringify({ apiVersion: `apiserver.config.k8s.io/${version}`, kind: 'AuthorizationConfiguration', authorizers });

/** What a webhook must say. */
const settings = () => ({
  timeout: '3s',
  subjectAccessReviewVersion: 'v1',
  matchConditionSubjectAccessReviewVersion: 'v1',
  failurePolicy: 'Deny',
  connectionInfo: { type: 'KubeConfigFile', kubeConfigFile },
});
const webhook = (more: object = {}) => ({ type: 'Webhook', name: 'opa.example.com', webhook: { ...settings(), ...more } });
const rbac = { type: 'RBAC', name: 'rbac' };

describe('a configuration file', () => {
  it.each(['v1', 'v1beta1', 'v1alpha1'])('lists authorizers in %s', (version) => {
    expect(readAuthorizationConfiguration(file([{ type: 'Node', name: 'node' }, rbac, webhook()], version))).toEqual([
      { type: 'Node', name: 'node' },
      rbac,
      {
        type: 'Webhook',
        name: 'opa.example.com',
        webhook: {
          kubeConfigFile,
          reviewVersion: 'v1',
          timeoutMs: 3000,
          authorizedTtlMs: 300_000,
          unauthorizedTtlMs: 30_000,
          onFailure: 'deny',
          matchConditions: [],
        },
      },
    ]);
  });

  it('may say more of webhooks, and have several of them', () => {
    const other = webhook({
      authorizedTTL: '1m30s',
      unauthorizedTTL: '0s',
      cacheUnauthorizedRequests: false,
      subjectAccessReviewVersion: 'v1beta1',
      failurePolicy: 'NoOpinion',
      matchConditions: [{ expression: "request.user == 'a'" }],
    });
    const [, second] = readAuthorizationConfiguration(file([webhook(), { ...other, name: 'second' }]));
    expect(second?.webhook).toEqual({
      kubeConfigFile,
      reviewVersion: 'v1beta1',
      timeoutMs: 3000,
      authorizedTtlMs: 90_000,
      unauthorizedTtlMs: 0,
      onFailure: 'noOpinion',
      matchConditions: ["request.user == 'a'"],
    });
  });

  it.each<[string, () => unknown, string]>([
    ['nothing', () => [], 'authorizers: Required value: at least one authorization mode must be defined'],
    ['no type', () => [{ name: 'x' }], 'authorizers[0].type: Required value'],
    [
      'another type',
      () => [{ type: 'Magic', name: 'x' }],
      'authorizers[0].type: Unsupported value: "Magic": supported values: "ABAC", "AlwaysAllow", "AlwaysDeny", "Node", "RBAC", "Webhook"',
    ],
    ['a type twice', () => [rbac, rbac], 'authorizers[1].type: Duplicate value: "RBAC"'],
    ['no name', () => [{ type: 'RBAC' }], 'authorizers[0].name: Required value'],
    ['a name twice', () => [webhook(), webhook()], 'authorizers[1].name: Duplicate value: "opa.example.com"'],
    ['another name', () => [{ type: 'RBAC', name: 'roles' }], 'expected name rbac for authorizer RBAC instead of roles'],
    [
      'settings of a webhook elsewhere',
      () => [{ ...rbac, webhook: {} }],
      'authorizers[0].webhook: Invalid value: "non-null": may only be specified when type=Webhook',
    ],
    ['no settings', () => [{ type: 'Webhook', name: 'x' }], 'authorizers[0].webhook: Required value: required when type=Webhook'],
    [
      'empty settings',
      () => [{ type: 'Webhook', name: 'x', webhook: {} }],
      '[authorizers[0].timeout: Required value, authorizers[0].subjectAccessReviewVersion: Required value, authorizers[0].failurePolicy: Required value, authorizers[0].connectionInfo.type: Required value]',
    ],
    ['a long timeout', () => [webhook({ timeout: '31s' })], 'authorizers[0].timeout: Invalid value: "31s": must be > 0s and <= 30s'],
    ['a negative timeout', () => [webhook({ timeout: '-1s' })], 'authorizers[0].timeout: Invalid value: "-1s": must be > 0s and <= 30s'],
    [
      'negative times to live',
      () => [webhook({ authorizedTTL: '-1m', unauthorizedTTL: '-1ns' })],
      '[authorizers[0].authorizedTTL: Invalid value: "-1m0s": must be > 0s, authorizers[0].unauthorizedTTL: Invalid value: "-1ns": must be > 0s]',
    ],
    [
      'another version',
      () => [webhook({ subjectAccessReviewVersion: 'v2' })],
      'authorizers[0].subjectAccessReviewVersion: Unsupported value: "v2": supported values: "v1", "v1beta1"',
    ],
    [
      'another version of conditions',
      () => [webhook({ matchConditionSubjectAccessReviewVersion: 'v1beta1' })],
      'authorizers[0].matchConditionSubjectAccessReviewVersion: Unsupported value: "v1beta1": supported values: "v1"',
    ],
    [
      'conditions of no version',
      () => [webhook({ matchConditionSubjectAccessReviewVersion: '', matchConditions: [{ expression: 'true' }] })],
      'authorizers[0].matchConditionSubjectAccessReviewVersion: Required value: required if match conditions are specified',
    ],
    [
      'conditions that say nothing, or the same',
      () => [webhook({ matchConditions: [{ expression: 'true' }, {}, { expression: 'true' }] })],
      '[authorizers[0].matchConditions[1].expression: Required value, authorizers[0].matchConditions[2].expression: Duplicate value: "true"]',
    ],
    [
      'conditions that cannot be true',
      () => [webhook({ matchConditions: [{ expression: 'request.user' }] })],
      'authorizers[0].matchConditions[0].expression: Invalid value: "request.user": must evaluate to bool but got string',
    ],
    [
      'too many conditions',
      () => [webhook({ matchConditions: Array.from({ length: 65 }, (_, i) => ({ expression: `${i} == 0` })) })],
      'authorizers[0].matchConditions: Too many: 65: must have at most 64 items',
    ],
    [
      'another failure policy',
      () => [webhook({ failurePolicy: 'Ignore' })],
      'authorizers[0].failurePolicy: Unsupported value: "Ignore": supported values: "NoOpinion", "Deny"',
    ],
    [
      'another connection',
      () => [webhook({ connectionInfo: { type: 'Socket' } })],
      'authorizers[0].connectionInfo.type: Unsupported value: {"Type":"Socket","KubeConfigFile":null}: supported values: "InClusterConfig", "KubeConfigFile"',
    ],
    [
      'itself',
      () => [webhook({ connectionInfo: { type: 'InClusterConfig', kubeConfigFile: '/x' } })],
      '[authorizers[0].connectionInfo.kubeConfigFile: Invalid value: "/x": can only be set when type=KubeConfigFile, ' +
        'authorizers[0].connectionInfo.type: Invalid value: "InClusterConfig": not allowed for an API server that reviews access itself]',
    ],
    [
      'no file',
      () => [webhook({ connectionInfo: { type: 'KubeConfigFile' } })],
      'authorizers[0].connectionInfo.kubeConfigFile: Required value',
    ],
    [
      'a file of no certain place',
      () => [webhook({ connectionInfo: { type: 'KubeConfigFile', kubeConfigFile: 'x' } })],
      'authorizers[0].connectionInfo.kubeConfigFile: Invalid value: "x": must be an absolute path',
    ],
    [
      'a missing file',
      () => [webhook({ connectionInfo: { type: 'KubeConfigFile', kubeConfigFile: '/nowhere' } })],
      `authorizers[0].connectionInfo.kubeConfigFile: Invalid value: "/nowhere": error loading file: ENOENT: no such file or directory, stat '/nowhere'`,
    ],
    [
      'a directory',
      () => [webhook({ connectionInfo: { type: 'KubeConfigFile', kubeConfigFile: tmpdir() } })],
      `authorizers[0].connectionInfo.kubeConfigFile: Invalid value: ${JSON.stringify(tmpdir())}: must be a regular file`,
    ],
  ])('is refused with %s', (_, authorizers, message) => {
    expect(() => readAuthorizationConfiguration(file(authorizers()))).toThrow(new Error(message));
  });

  it('is refused when it is empty or of another kind', () => {
    expect(() => readAuthorizationConfiguration('')).toThrow(
      new Error('authorizers: Required value: at least one authorization mode must be defined'),
    );
    expect(() => readAuthorizationConfiguration(file([rbac], 'v2'))).toThrow(
      new Error(
        'failed to load AuthorizationConfiguration from file: no kind "AuthorizationConfiguration" is registered for version "apiserver.config.k8s.io/v2"',
      ),
    );
  });

  it('is refused without the types that must stay', () => {
    expect(() => readAuthorizationConfiguration(file([webhook()]), new Set(['RBAC', 'Node']))).toThrow(
      new Error('missing required types: [Node RBAC]'),
    );
    expect(readAuthorizationConfiguration(file([rbac]), new Set(['RBAC']))).toEqual([rbac]);
  });
});
