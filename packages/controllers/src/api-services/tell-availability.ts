import { API_SERVICES, type APIService, availableCondition, type Verdict } from '@keelson/aggregator';
import { hasReason, timeNow } from '@keelson/machinery';
import type { LoopbackClient } from '@keelson/server';

/** Whether the status says so already. */
export function tells(apiService: APIService, { status, reason, message }: Verdict): boolean {
  const told = availableCondition(apiService);
  return told?.status === status && told.reason === reason && told.message === message;
}

/** Says in the status whether an APIService is available. False: somebody has changed it meanwhile, and it is to be looked at again. */
export async function tellAvailability(client: LoopbackClient, seen: APIService, verdict: Verdict): Promise<boolean> {
  const { name = '', resourceVersion = '' } = seen.metadata;
  try {
    await client.updateStatus(API_SERVICES, '', name, (object) => {
      object.metadata.resourceVersion = resourceVersion;
      setAvailable(object as APIService, verdict);
    });
    return true;
  } catch (error) {
    if (!hasReason(error, 'Conflict', 'NotFound')) throw error;
    return false;
  }
}

function setAvailable(apiService: APIService, verdict: Verdict): void {
  const told = availableCondition(apiService);
  if (told === undefined) {
    const condition = { type: 'Available', lastTransitionTime: timeNow(), ...verdict };
    apiService.status = { ...apiService.status, conditions: [...(apiService.status.conditions ?? []), condition] };
    return;
  }
  if (told.status !== verdict.status) told.lastTransitionTime = timeNow();
  Object.assign(told, verdict);
}
