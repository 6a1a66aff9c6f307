import { type FieldError, type FieldPath, forbiddenField, hasFeature, notSupported, required, tooLong } from '@keelson/machinery';
import type { core } from '@keelson/schema';
import { validateEach } from '../../validation/each.js';

type Container = core.v1.Container;
type Rule = core.v1.ContainerRestartRule;

const policies = ['Always', 'Never', 'OnFailure'];
const operators = ['In', 'NotIn'];
const maxRules = 20;
const maxExitCodes = 255;

function validateRule({ action = '', exitCodes }: Rule, at: FieldPath): FieldError[] {
  const here = at.child('exitCodes');
  const { operator = '', values = [] } = exitCodes ?? {};
  return [
    ...(action === 'Restart' ? [] : [notSupported(at.child('action'), action, ['Restart'])]),
    ...(exitCodes === undefined ? [required(here, 'must be specified')] : []),
    ...(exitCodes && !operators.includes(operator) ? [notSupported(here.child('operator'), operator, operators)] : []),
    ...(values.length > maxExitCodes ? [tooLong(here.child('values'), maxExitCodes)] : []),
  ];
}

function validatePolicy({ restartPolicy, restartPolicyRules: rules = [] }: Container, at: FieldPath): FieldError[] {
  if (restartPolicy !== undefined) return policies.includes(restartPolicy) ? [] : [notSupported(at, restartPolicy, policies)];
  return rules.length === 0 ? [] : [required(at, 'must specify restartPolicy when restart rules are used')];
}

/** When a container is restarted, where that is not when the others of its pod are (KEP-5307). */
export function validateRestartRules(container: Container, at: FieldPath): FieldError[] {
  const { restartPolicyRules: rules = [] } = container;
  const here = at.child('restartPolicyRules');
  return [
    ...validatePolicy(container, at.child('restartPolicy')),
    ...(rules.length > maxRules ? [tooLong(here, maxRules)] : []),
    ...validateEach(rules, here, validateRule),
  ];
}

/** The same of an init container: one that always restarts is a sidecar. */
export function validateInitRestart(container: Container, at: FieldPath): FieldError[] {
  const { restartPolicy, restartPolicyRules = [] } = container;
  if (restartPolicy === undefined) return [];
  if (restartPolicy !== 'Always') {
    if (hasFeature('ContainerRestartRules')) return validateRestartRules(container, at);
    return [notSupported(at.child('restartPolicy'), restartPolicy, ['Always'])];
  }
  const detail = 'restartPolicyRules are not allowed for init containers with restart policy Always';
  return restartPolicyRules.length > 0 ? [forbiddenField(at.child('restartPolicyRules'), detail)] : [];
}
