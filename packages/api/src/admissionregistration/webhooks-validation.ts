import { admissionEnvironments } from '@keelson/cel';
import {
  dns1035Label,
  duplicate,
  type FieldError,
  type FieldPath,
  invalidField,
  path,
  required,
  semanticallyEqual,
  validateFullyQualifiedName,
  validateObjectSelector,
} from '@keelson/machinery';
import type { admissionregistration } from '@keelson/schema';
import type { WriteContext } from '@keelson/server';
import { validateOptionalEnumerated } from '../validation/enumerated.js';
import { validateForm } from '../validation/names.js';
import { validateClientConfig } from '../webhook/client-config-validation.js';
import { ExpressionValidation } from './expression-validation.js';
import { validateMatchConditions } from './match-conditions-validation.js';
import { failurePolicies, matchPolicies, validateRule } from './rules-validation.js';

type Webhook = admissionregistration.v1.ValidatingWebhook;
type MutatingWebhook = admissionregistration.v1.MutatingWebhook;

/** Either kind of webhook configuration. */
interface Configuration {
  readonly webhooks?: readonly (Webhook & Partial<MutatingWebhook>)[];
}

const reviewVersions = ['v1', 'v1beta1'];
const sideEffects = ['None', 'NoneOnDryRun'];
const maxTimeoutSeconds = 30;

/** What is not asked of a configuration that was let in without it, or comes in a version that never asked. */
interface Leniency {
  readonly names: boolean;
  readonly reviewVersions: boolean;
  readonly sideEffects: boolean;
}

/** How match conditions are looked at; not at all, where an update leaves them alone. */
type Conditions = ExpressionValidation | undefined;

const allLenient: Leniency = { names: true, reviewVersions: true, sideEffects: true };

function leniencyFor({ webhooks = [] }: Configuration): Leniency {
  return {
    names: new Set(webhooks.map(({ name }) => name)).size < webhooks.length,
    reviewVersions: webhooks.some(
      ({ admissionReviewVersions: known }) => known?.length && !known.some((version) => reviewVersions.includes(version)),
    ),
    sideEffects: webhooks.some((hook) => !sideEffects.includes(hook.sideEffects ?? '')),
  };
}

function validateReviewVersions(versions: readonly string[], at: FieldPath, lenient: boolean): FieldError[] {
  if (versions.length === 0) return [required(at, `must specify one of ${reviewVersions.join(', ')}`)];
  const known = lenient || versions.some((version) => reviewVersions.includes(version));
  return [
    ...versions.flatMap((version, i) =>
      versions.indexOf(version) < i
        ? [invalidField(at.index(i), version, 'duplicate version')]
        : validateForm(version, at.index(i), dns1035Label),
    ),
    ...(known ? [] : [invalidField(at, versions, `must include at least one of ${reviewVersions.join(', ')}`)]),
  ];
}

function validateSideEffects(value: string | null, at: FieldPath, lenient: boolean): FieldError[] {
  const allowed = lenient ? [...sideEffects, 'Some', 'Unknown'] : sideEffects;
  return value === null ? [required(at, `must specify one of ${allowed.join(', ')}`)] : validateOptionalEnumerated(value, at, allowed);
}

function validateTimeout(seconds: number | undefined, at: FieldPath): FieldError[] {
  if (seconds === undefined || (seconds >= 1 && seconds <= maxTimeoutSeconds)) return [];
  return [invalidField(at, seconds, 'the timeout value must be between 1 and 30 seconds')];
}

function conditionsOf({ webhooks = [] }: Configuration, old: Configuration | undefined): Conditions {
  const before = old?.webhooks ?? [];
  const same =
    webhooks.length === before.length && webhooks.every((hook, i) => semanticallyEqual(hook.matchConditions, before[i]?.matchConditions));
  if (old !== undefined && same) return undefined;
  const stored = before.flatMap(({ matchConditions = [] }) => matchConditions.map(({ expression }) => expression));
  return new ExpressionValidation(stored, admissionEnvironments({ params: false, authorizer: true }));
}

function validateWebhook(hook: Webhook & Partial<MutatingWebhook>, at: FieldPath, lenient: Leniency, conditions: Conditions): FieldError[] {
  return [
    ...validateFullyQualifiedName(hook.name, at.child('name')),
    ...(hook.rules ?? []).flatMap((rule, i) => validateRule(rule, at.child('rules').index(i))),
    ...validateOptionalEnumerated(hook.failurePolicy, at.child('failurePolicy'), failurePolicies),
    ...validateOptionalEnumerated(hook.matchPolicy, at.child('matchPolicy'), matchPolicies),
    ...validateSideEffects(hook.sideEffects, at.child('sideEffects'), lenient.sideEffects),
    ...validateTimeout(hook.timeoutSeconds, at.child('timeoutSeconds')),
    ...validateOptionalEnumerated(hook.reinvocationPolicy, at.child('reinvocationPolicy'), ['IfNeeded', 'Never']),
    ...validateObjectSelector(hook.namespaceSelector, at.child('namespaceSelector')),
    ...validateObjectSelector(hook.objectSelector, at.child('objectSelector')),
    ...validateClientConfig(hook.clientConfig, at.child('clientConfig')),
    ...(conditions === undefined ? [] : validateMatchConditions(hook.matchConditions, at.child('matchConditions'), conditions)),
    ...validateReviewVersions(hook.admissionReviewVersions ?? [], at.child('admissionReviewVersions'), lenient.reviewVersions),
  ];
}

export function validateWebhooks(
  configuration: Configuration,
  old: Configuration | undefined,
  { apiVersion }: Pick<WriteContext, 'apiVersion'>,
): FieldError[] {
  const lenient = apiVersion === 'admissionregistration.k8s.io/v1beta1' ? allLenient : leniencyFor(old ?? {});
  const conditions = conditionsOf(configuration, old);
  const { webhooks = [] } = configuration;
  return webhooks.flatMap((hook, i) => {
    const at = path('webhooks').index(i);
    const repeated = !lenient.names && hook.name !== '' && webhooks.findIndex(({ name }) => name === hook.name) < i;
    return [...validateWebhook(hook, at, lenient, conditions), ...(repeated ? [duplicate(at.child('name'), hook.name)] : [])];
  });
}
