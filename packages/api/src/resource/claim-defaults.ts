import type { resource } from '@keelson/schema';

interface CountedRequest {
  allocationMode?: string;
  count?: number;
  tolerations?: resource.v1beta2.DeviceToleration[];
}

function defaultCounted(request: CountedRequest): void {
  request.allocationMode ||= 'ExactCount';
  if (request.allocationMode === 'ExactCount') request.count ||= 1;
  for (const toleration of request.tolerations ?? []) toleration.operator ||= 'Equal';
}

/** A claim asks for one device at a time unless it says otherwise. */
export function defaultClaimSpec({ devices }: resource.v1beta2.ResourceClaimSpec): void {
  for (const { exactly, firstAvailable } of devices.requests ?? []) {
    if (exactly) defaultCounted(exactly);
    firstAvailable?.forEach(defaultCounted);
  }
}

/** In v1beta1 a request without alternatives asks for something even when it says nothing. */
export function defaultBetaClaimSpec({ devices }: resource.v1beta1.ResourceClaimSpec): void {
  for (const request of devices.requests ?? []) {
    if (!request.firstAvailable?.length) defaultCounted(request);
  }
}
