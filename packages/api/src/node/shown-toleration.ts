import type { core } from '@keelson/schema';

/** Messages show a toleration by the names that its fields have inside Kubernetes. */
export function shownToleration({ key = '', operator = '', value = '', effect = '', tolerationSeconds }: core.v1.Toleration): object {
  return { Key: key, Operator: operator, Value: value, Effect: effect, TolerationSeconds: tolerationSeconds ?? null };
}
