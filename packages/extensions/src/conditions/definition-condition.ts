import type { apiextensions } from '@keelson/schema';

export type Definition = apiextensions.v1.CustomResourceDefinition;
export type Condition = apiextensions.v1.CustomResourceDefinitionCondition;

export function conditionOf({ status }: Definition, type: string): Condition | undefined {
  return status.conditions?.find((one) => one.type === type);
}

export function isTrue(definition: Definition, type: string): boolean {
  return conditionOf(definition, type)?.status === 'True';
}

/** Sets a condition in place. Its time is that of the last change of its status. */
export function setCondition({ status }: Definition, condition: Omit<Condition, 'lastTransitionTime'>, now: string): void {
  const conditions = status.conditions ?? [];
  const old = conditions.find(({ type }) => type === condition.type);
  const lastTransitionTime = old?.status === condition.status ? (old.lastTransitionTime ?? now) : now;
  const next: Condition = {
    type: condition.type,
    status: condition.status,
    lastTransitionTime,
    ...(condition.reason !== undefined && { reason: condition.reason }),
    ...(condition.message !== undefined && { message: condition.message }),
  };
  status.conditions = old === undefined ? [...conditions, next] : conditions.map((one) => (one === old ? next : one));
}

export function removeCondition({ status }: Definition, type: string): void {
  if (status.conditions?.some((one) => one.type === type)) status.conditions = status.conditions.filter((one) => one.type !== type);
}
