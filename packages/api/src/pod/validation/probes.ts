import {
  type FieldError,
  type FieldPath,
  forbiddenField,
  httpHeaderName,
  invalidField,
  notSupported,
  required,
  validateNonNegative,
} from '@keelson/machinery';
import type { core } from '@keelson/schema';
import { validateForm } from '../../validation/names.js';
import { validatePortNumber, validatePortNumberOrName } from '../../validation/port.js';
import type { PodContext } from './context.js';
import { validateStopSignal } from './stop-signal.js';

type Probe = core.v1.Probe;
type Actions = Partial<core.v1.ProbeHandler & core.v1.LifecycleHandler>;

/** The pod's grace period; undefined when it is missing, which is said elsewhere. */
type GraceSeconds = number | undefined;

const schemes = ['HTTP', 'HTTPS'];

function validateHttpGet({ path = '', port, scheme = '', httpHeaders = [] }: core.v1.HTTPGetAction, at: FieldPath): FieldError[] {
  return [
    ...(path === '' ? [required(at.child('path'))] : []),
    ...validatePortNumberOrName(port ?? 0, at.child('port')),
    ...(schemes.includes(scheme) ? [] : [notSupported(at.child('scheme'), scheme, schemes)]),
    ...httpHeaders.flatMap(({ name }) => validateForm(name, at.child('httpHeaders'), httpHeaderName)),
  ];
}

function validateSleep({ seconds = 0 }: core.v1.SleepAction, at: FieldPath, grace: GraceSeconds): FieldError[] {
  if (grace === undefined || (seconds >= 0 && seconds <= grace)) return [];
  return [invalidField(at, seconds, `must be non-negative and less than terminationGracePeriodSeconds (${grace})`)];
}

type Rules = { readonly [A in keyof Actions]-?: (action: NonNullable<Actions[A]>, at: FieldPath, grace: GraceSeconds) => FieldError[] };

/** What a probe or hook can do, in the order in which one makes the others too many. */
const rules: Rules = {
  exec: ({ command }, at) => (command?.length ? [] : [required(at.child('command'))]),
  httpGet: validateHttpGet,
  tcpSocket: ({ port }, at) => validatePortNumberOrName(port ?? 0, at.child('port')),
  grpc: ({ port }, at) => validatePortNumber(port ?? 0, at.child('port')),
  sleep: validateSleep,
};

const actionNames = Object.keys(rules) as (keyof Actions)[];

function validateAction(actions: Actions, name: keyof Actions, at: FieldPath, grace: GraceSeconds): FieldError[] {
  const validate = rules[name] as (action: unknown, at: FieldPath, grace: GraceSeconds) => FieldError[];
  return validate(actions[name], at.child(name), grace);
}

function validateActions(actions: Actions, at: FieldPath, grace: GraceSeconds): FieldError[] {
  const [first, ...more] = actionNames.filter((name) => actions[name]);
  if (first === undefined) return [required(at, 'must specify a handler type')];
  return [
    ...validateAction(actions, first, at, grace),
    ...more.map((name) => forbiddenField(at.child(name), 'may not specify more than 1 handler type')),
  ];
}

const counts = ['initialDelaySeconds', 'timeoutSeconds', 'periodSeconds', 'successThreshold', 'failureThreshold'] as const;

function validateProbe(probe: Probe, at: FieldPath, grace: GraceSeconds): FieldError[] {
  const { terminationGracePeriodSeconds: own } = probe;
  return [
    ...validateActions(probe, at, grace),
    ...counts.flatMap((field) => validateNonNegative(probe[field] ?? 0, at.child(field))),
    ...(own === undefined || own > 0 ? [] : [invalidField(at.child('terminationGracePeriodSeconds'), own, 'must be greater than 0')]),
  ];
}

/** One success is enough for these. */
function validateVitalProbe(probe: Probe | undefined, at: FieldPath, grace: GraceSeconds): FieldError[] {
  if (probe === undefined) return [];
  const { successThreshold = 0 } = probe;
  const errors = validateProbe(probe, at, grace);
  return successThreshold === 1 ? errors : [...errors, invalidField(at.child('successThreshold'), successThreshold, 'must be 1')];
}

/** A container that is not ready is not stopped. */
function validateReadinessProbe(probe: Probe | undefined, at: FieldPath, grace: GraceSeconds): FieldError[] {
  if (probe === undefined) return [];
  const { terminationGracePeriodSeconds: own } = probe;
  const errors = validateProbe(probe, at, grace);
  if (own === undefined) return errors;
  return [...errors, invalidField(at.child('terminationGracePeriodSeconds'), own, 'must not be set for readinessProbes')];
}

/** A container as far as its being watched and told of its start and end is concerned. */
export interface Probed {
  readonly lifecycle?: core.v1.Lifecycle;
  readonly livenessProbe?: Probe;
  readonly readinessProbe?: Probe;
  readonly startupProbe?: Probe;
}

export function validateProbes(
  container: Probed,
  at: FieldPath,
  { graceSeconds: grace, os }: Pick<PodContext, 'graceSeconds' | 'os'>,
): FieldError[] {
  const { postStart, preStop, stopSignal } = container.lifecycle ?? {};
  const hooks = at.child('lifecycle');
  return [
    ...(postStart ? validateActions(postStart, hooks.child('postStart'), grace) : []),
    ...(preStop ? validateActions(preStop, hooks.child('preStop'), grace) : []),
    ...validateStopSignal(stopSignal, os, hooks.child('stopSignal')),
    ...validateVitalProbe(container.livenessProbe, at.child('livenessProbe'), grace),
    ...validateReadinessProbe(container.readinessProbe, at.child('readinessProbe'), grace),
    ...validateVitalProbe(container.startupProbe, at.child('startupProbe'), grace),
  ];
}

/** Containers that only run to their end need neither probes nor hooks. */
export function forbidProbes(container: Probed, at: FieldPath): FieldError[] {
  return (['lifecycle', 'livenessProbe', 'readinessProbe', 'startupProbe'] as const)
    .filter((field) => container[field])
    .map((field) => forbiddenField(at.child(field), 'may not be set for init containers without restartPolicy=Always'));
}
