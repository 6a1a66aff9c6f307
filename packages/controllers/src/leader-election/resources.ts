export const LEASES = { group: 'coordination.k8s.io', version: 'v1', resource: 'leases' };
export const LEASE_CANDIDATES = { group: 'coordination.k8s.io', version: 'v1beta1', resource: 'leasecandidates' };
