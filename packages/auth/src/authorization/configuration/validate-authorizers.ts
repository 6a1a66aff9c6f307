import { type Stats, statSync } from 'node:fs';
import { isAbsolute } from 'node:path';
import {
  dns1123Subdomain,
  duplicate,
  type FieldError,
  type FieldPath,
  formatDuration,
  invalidField,
  notSupported,
  path,
  required,
  tooMany,
} from '@keelson/machinery';
import { problemOfCondition } from '../webhook/match-conditions.js';
import { authorizerTypes } from './authorizer-configuration.js';
import type { WrittenAuthorizer, WrittenWebhook } from './written-authorizer.js';

const knownTypes: readonly string[] = [...authorizerTypes].sort();
const MAX_TIMEOUT = 30_000_000_000n;
const MAX_CONDITIONS = 64;
const IN_CLUSTER = 'InClusterConfig';
const FROM_FILE = 'KubeConfigFile';

/** What is wrong with the authorizers of a configuration file. */
export function validateAuthorizers(authorizers: readonly WrittenAuthorizer[]): FieldError[] {
  const at = path('authorizers');
  if (authorizers.length === 0) return [required(at, 'at least one authorization mode must be defined')];
  const types = new Set<string>();
  const names = new Set<string>();
  return authorizers.flatMap((authorizer, i) => {
    const { type = '', name = '' } = authorizer;
    const wrongType = validateType(type, types, at.index(i).child('type'));
    if (wrongType.length > 0) return wrongType;
    types.add(type);
    const errors = [...validateName(name, names, at.index(i).child('name')), ...validateKind(authorizer, at.index(i))];
    names.add(name);
    return errors;
  });
}

/** Only webhooks may come more than once. */
function validateType(type: string, seen: ReadonlySet<string>, at: FieldPath): FieldError[] {
  if (type === '') return [required(at)];
  if (!knownTypes.includes(type)) return [notSupported(at, type, knownTypes)];
  return seen.has(type) && type !== 'Webhook' ? [duplicate(at, type)] : [];
}

function validateName(name: string, seen: ReadonlySet<string>, at: FieldPath): FieldError[] {
  if (name === '') return [required(at)];
  if (seen.has(name)) return [duplicate(at, name)];
  const details = dns1123Subdomain(name);
  return details.length === 0 ? [] : [invalidField(at, name, `authorizer name is invalid: ${details.join(', ')}`)];
}

function validateKind({ type, webhook }: WrittenAuthorizer, at: FieldPath): FieldError[] {
  if (type === 'Webhook') {
    return webhook === undefined ? [required(at.child('webhook'), 'required when type=Webhook')] : validateWebhook(webhook, at);
  }
  return webhook === undefined ? [] : [invalidField(at.child('webhook'), 'non-null', 'may only be specified when type=Webhook')];
}

function validateWebhook(webhook: WrittenWebhook, at: FieldPath): FieldError[] {
  const { timeout = 0n, authorizedTTL = 0n, unauthorizedTTL = 0n, matchConditions = [] } = webhook;
  return [
    ...validateTimeout(timeout, at.child('timeout')),
    ...validateTtl(authorizedTTL, at.child('authorizedTTL')),
    ...validateTtl(unauthorizedTTL, at.child('unauthorizedTTL')),
    ...validateChoice(webhook.subjectAccessReviewVersion, ['v1', 'v1beta1'], at.child('subjectAccessReviewVersion')),
    ...validateConditionsVersion(webhook, at.child('matchConditionSubjectAccessReviewVersion')),
    ...validateChoice(webhook.failurePolicy, ['NoOpinion', 'Deny'], at.child('failurePolicy')),
    ...validateConnection(webhook.connectionInfo ?? {}, at.child('connectionInfo')),
    ...validateConditions(
      matchConditions.map(({ expression = '' }) => expression),
      at.child('matchConditions'),
    ),
  ];
}

function validateTimeout(timeout: bigint, at: FieldPath): FieldError[] {
  if (timeout === 0n) return [required(at)];
  const isRight = timeout > 0n && timeout <= MAX_TIMEOUT;
  return isRight ? [] : [invalidField(at, formatDuration(timeout), 'must be > 0s and <= 30s')];
}

function validateTtl(ttl: bigint, at: FieldPath): FieldError[] {
  return ttl < 0n ? [invalidField(at, formatDuration(ttl), 'must be > 0s')] : [];
}

function validateChoice(chosen = '', choices: readonly string[], at: FieldPath): FieldError[] {
  if (chosen === '') return [required(at)];
  return choices.includes(chosen) ? [] : [notSupported(at, chosen, choices)];
}

function validateConditionsVersion(webhook: WrittenWebhook, at: FieldPath): FieldError[] {
  const { matchConditionSubjectAccessReviewVersion: version = '', matchConditions = [] } = webhook;
  if (version !== '') return validateChoice(version, ['v1'], at);
  return matchConditions.length === 0 ? [] : [required(at, 'required if match conditions are specified')];
}

function validateConditions(expressions: readonly string[], at: FieldPath): FieldError[] {
  if (expressions.length > MAX_CONDITIONS) return [tooMany(at, expressions.length, MAX_CONDITIONS)];
  return expressions.flatMap((expression, i) => {
    const expressionPath = at.index(i).child('expression');
    if (expression.trim() === '') return [required(expressionPath)];
    if (expressions.indexOf(expression) < i) return [duplicate(expressionPath, expression)];
    const problem = problemOfCondition(expression);
    return problem === undefined ? [] : [invalidField(expressionPath, expression, problem)];
  });
}

function validateConnection(connection: NonNullable<WrittenWebhook['connectionInfo']>, at: FieldPath): FieldError[] {
  const { type = '', kubeConfigFile } = connection;
  if (type === '') return [required(at.child('type'))];
  if (type === FROM_FILE) return validateFile(kubeConfigFile, at.child('kubeConfigFile'));
  if (type !== IN_CLUSTER) {
    return [notSupported(at.child('type'), { Type: type, KubeConfigFile: kubeConfigFile ?? null }, [IN_CLUSTER, FROM_FILE])];
  }
  const misplaced =
    kubeConfigFile === undefined
      ? []
      : [invalidField(at.child('kubeConfigFile'), kubeConfigFile, `can only be set when type=${FROM_FILE}`)];
  // That would be this server itself.
  return [...misplaced, invalidField(at.child('type'), type, 'not allowed for an API server that reviews access itself')];
}

function validateFile(file: string | undefined, at: FieldPath): FieldError[] {
  if (!file) return [required(at)];
  if (!isAbsolute(file)) return [invalidField(at, file, 'must be an absolute path')];
  let found: Stats;
  try {
    found = statSync(file);
  } catch (error) {
    return [invalidField(at, file, `error loading file: ${(error as Error).message}`)];
  }
  return found.isFile() ? [] : [invalidField(at, file, 'must be a regular file')];
}
