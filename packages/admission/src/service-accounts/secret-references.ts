import type { core } from '@keelson/schema';

type Account = core.v1.ServiceAccount;
type Environment = Pick<core.v1.Container, 'name' | 'env' | 'envFrom'>;

/** Why a new pod may not use what it uses, if its account lets pods use only the secrets that it names. */
export function secretProblem(
  account: Account,
  { volumes, initContainers, containers, imagePullSecrets }: core.v1.PodSpec,
): string | undefined {
  const { name: accountName } = account.metadata;
  const mountable = namesOf(account.secrets);
  for (const { secret } of volumes ?? []) {
    const name = secret?.secretName ?? '';
    if (secret && !mountable.has(name))
      return `volume with secret.secretName="${name}" is not allowed because service account ${accountName} does not reference that secret`;
  }
  const inEnvironment =
    environmentProblem(account, 'init container', initContainers) ?? environmentProblem(account, 'container', containers);
  if (inEnvironment !== undefined) return inEnvironment;
  const pullable = namesOf(account.imagePullSecrets);
  for (const [i, { name = '' }] of (imagePullSecrets ?? []).entries()) {
    if (!pullable.has(name))
      return `imagePullSecrets[${i}].name="${name}" is not allowed because service account ${accountName} does not reference that imagePullSecret`;
  }
  return undefined;
}

/** The same of the environment of some containers; `kind` is what they are called. */
export function environmentProblem(
  account: Account,
  kind: string,
  containers: readonly Environment[] | null | undefined,
): string | undefined {
  const mountable = namesOf(account.secrets);
  const refusal = (what: string, secret: string) =>
    `${kind} ${what} referencing secret.secretName="${secret}" is not allowed because service account ${account.metadata.name} does not reference that secret`;
  for (const { name, env = [], envFrom = [] } of containers ?? []) {
    for (const variable of env) {
      const { name: secret = '' } = variable.valueFrom?.secretKeyRef ?? {};
      if (variable.valueFrom?.secretKeyRef && !mountable.has(secret)) return refusal(`${name} with envVar ${variable.name}`, secret);
    }
    for (const { secretRef } of envFrom) {
      const { name: secret = '' } = secretRef ?? {};
      if (secretRef && !mountable.has(secret)) return refusal(`${name} with envFrom`, secret);
    }
  }
  return undefined;
}

function namesOf(references: readonly { readonly name?: string }[] | undefined): ReadonlySet<string> {
  return new Set(references?.map(({ name = '' }) => name));
}
