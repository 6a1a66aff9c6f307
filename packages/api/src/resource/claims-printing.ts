import type { resource } from '@keelson/schema';

type Request = resource.v1beta2.DeviceRequest;
type Counted = Omit<resource.v1beta2.ExactDeviceRequest, 'adminAccess'>;
type Toleration = resource.v1beta2.DeviceToleration;

/** Messages show objects by the names that their fields have inside Kubernetes. */
export function shownClaimSpec({ devices }: resource.v1beta2.ResourceClaimSpec): object {
  const { requests, constraints, config } = devices;
  return {
    Devices: {
      Requests: requests?.map(shownRequest) ?? null,
      Constraints: constraints?.map(shownConstraint) ?? null,
      Config: config?.map((each) => ({ Requests: each.requests ?? null, ...shownConfiguration(each) })) ?? null,
    },
  };
}

export function shownTemplateSpec({ metadata, spec }: resource.v1beta2.ResourceClaimTemplateSpec): object {
  return { ObjectMeta: metadata, Spec: shownClaimSpec(spec) };
}

function shownRequest({ name, exactly, firstAvailable }: Request): object {
  return {
    Name: name,
    Exactly: exactly ? { ...shownHead(exactly), AdminAccess: exactly.adminAccess ?? null, ...shownTail(exactly) } : null,
    FirstAvailable: firstAvailable?.map((each) => ({ Name: each.name, ...shownHead(each), ...shownTail(each) })) ?? null,
  };
}

function shownHead({ deviceClassName, selectors, allocationMode = '', count = 0 }: Counted): object {
  return {
    DeviceClassName: deviceClassName,
    Selectors: selectors?.map(({ cel }) => ({ CEL: cel ? { Expression: cel.expression } : null })) ?? null,
    AllocationMode: allocationMode,
    Count: count,
  };
}

function shownTail({ tolerations, capacity }: Counted): object {
  return {
    Tolerations: tolerations?.map(shownToleration) ?? null,
    Capacity: capacity ? { Requests: capacity.requests ?? null } : null,
  };
}

function shownToleration({ key = '', operator = '', value = '', effect = '', tolerationSeconds = undefined }: Toleration): object {
  return { Key: key, Operator: operator, Value: value, Effect: effect, TolerationSeconds: tolerationSeconds ?? null };
}

function shownConstraint({ requests, matchAttribute, distinctAttribute }: resource.v1beta2.DeviceConstraint): object {
  return { Requests: requests ?? null, MatchAttribute: matchAttribute ?? null, DistinctAttribute: distinctAttribute ?? null };
}

function shownConfiguration({ opaque }: resource.v1beta2.DeviceConfiguration): object {
  return { Opaque: opaque ? { Driver: opaque.driver, Parameters: opaque.parameters } : null };
}
