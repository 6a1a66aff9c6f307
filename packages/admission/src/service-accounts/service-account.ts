import { setTimeout as pause } from 'node:timers/promises';
import { type AdmissionAttributes, type AdmissionPlugin, ApiError, type ObjectReader, quote } from '@keelson/machinery';
import { type core, isMirrorPod, podSecretNames } from '@keelson/schema';
import { onCreateAndUpdate } from '../operations.js';
import { podOf } from '../pods/written-pod.js';
import { refusedWrite } from '../refused-write.js';
import { mountApiAccess } from './api-access.js';
import { environmentProblem, secretProblem } from './secret-references.js';

type Account = core.v1.ServiceAccount;
type Pod = core.v1.Pod;

/** Account of pods that name none. A controller makes it in every namespace, a moment after the namespace. */
const defaultAccount = 'default';
const defaultAccountAttempts = 10;
const shortestPauseMs = 100;
const longestPauseMs = 200;

const onlyMountable = 'kubernetes.io/enforce-mountable-secrets';
/** What Go reads as true. */
const trueTexts = new Set(['1', 't', 'T', 'true', 'TRUE', 'True']);

/** Every pod runs under a service account of its namespace, and gets what it needs to use it. */
export class ServiceAccount implements AdmissionPlugin {
  readonly name = 'ServiceAccount';
  readonly handles = onCreateAndUpdate;
  readonly resources = ['pods'];
  readonly #accounts: ObjectReader<Account>;

  constructor(accounts: ObjectReader<Account>) {
    this.#accounts = accounts;
  }

  async admit(attributes: AdmissionAttributes): Promise<void> {
    const pod = podOf(attributes);
    if (pod === undefined || attributes.operation !== 'CREATE') return;
    // What a node shows of its own pods must stay as it is, or the node deletes it.
    if (isMirrorPod(pod)) return checkMirrorPod(attributes, pod);
    const { spec } = pod;
    if (!spec.serviceAccountName) setAccount(spec, defaultAccount);
    const account = await this.#accountOf(attributes, pod);
    if (spec.automountServiceAccountToken ?? account.automountServiceAccountToken ?? true) mountApiAccess(spec);
    if (!spec.imagePullSecrets?.length && account.imagePullSecrets?.length) {
      spec.imagePullSecrets = account.imagePullSecrets.map(({ name = '' }) => ({ name }));
    }
    checkSecrets(attributes, account, spec);
  }

  async validate(attributes: AdmissionAttributes): Promise<void> {
    if (attributes.operation === 'UPDATE') return this.#validateEphemeralContainers(attributes);
    const pod = podOf(attributes);
    if (pod === undefined) return;
    if (isMirrorPod(pod)) checkMirrorPod(attributes, pod);
    else checkSecrets(attributes, await this.#accountOf(attributes, pod), pod.spec);
  }

  async #validateEphemeralContainers(attributes: AdmissionAttributes): Promise<void> {
    const { resource, subresource, object } = attributes;
    if (resource.group !== '' || resource.resource !== 'pods' || subresource !== 'ephemeralcontainers') return;
    const pod = object as Pod;
    const account = await this.#accountOf(attributes, pod);
    const problem = isLimited(account) ? environmentProblem(account, 'ephemeral container', pod.spec.ephemeralContainers) : undefined;
    // Not forbidden: this is the one refusal of the plugin that Kubernetes makes a failure of the server's.
    if (problem !== undefined) throw new ApiError(500, '', problem);
  }

  async #accountOf(attributes: AdmissionAttributes, { metadata, spec }: Pod): Promise<Account> {
    const { namespace } = attributes;
    const name = spec.serviceAccountName ?? '';
    if (name === '') throw refusedWrite(attributes, `no service account specified for pod ${namespace}/${metadata.name ?? ''}`);
    const account = (await this.#accounts.get(namespace, name)) ?? (await this.#awaited(attributes, name));
    if (account !== undefined) return account;
    const why = `serviceaccount ${quote(name)} not found`;
    throw refusedWrite(attributes, `error looking up service account ${namespace}/${name}: ${why}`);
  }

  /** Whoever makes a namespace may make a pod in it at once: for the default account a moment is waited. */
  async #awaited({ namespace, signal }: AdmissionAttributes, name: string): Promise<Account | undefined> {
    const attempts = name === defaultAccount ? defaultAccountAttempts : 1;
    const pauseMs = shortestPauseMs + Math.random() * (longestPauseMs - shortestPauseMs);
    for (let attempt = 1; ; attempt++) {
      const account = await this.#accounts.getLatest(namespace, name);
      if (account !== undefined || attempt === attempts) return account;
      await pause(pauseMs, undefined, { signal });
    }
  }
}

/** In both fields, of which the second has been deprecated since v1.0. */
function setAccount(spec: Pod['spec'], name: string): void {
  spec.serviceAccountName = name;
  spec.serviceAccount = name;
}

function checkMirrorPod(attributes: AdmissionAttributes, pod: Pod): void {
  if (pod.spec.serviceAccountName) throw refusedWrite(attributes, 'a mirror pod may not reference service accounts');
  if (podSecretNames(pod).size > 0) throw refusedWrite(attributes, 'a mirror pod may not reference secrets');
  if (pod.spec.volumes?.some(({ projected }) => projected?.sources?.some(({ serviceAccountToken }) => serviceAccountToken)))
    throw refusedWrite(attributes, 'a mirror pod may not use ServiceAccountToken volume projections');
}

function checkSecrets(attributes: AdmissionAttributes, account: Account, spec: Pod['spec']): void {
  const problem = isLimited(account) ? secretProblem(account, spec) : undefined;
  if (problem !== undefined) throw refusedWrite(attributes, problem);
}

function isLimited({ metadata }: Account): boolean {
  return trueTexts.has(metadata.annotations?.[onlyMountable] ?? '');
}
