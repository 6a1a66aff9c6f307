import { allow, CHANGE, during, READ, READ_AND_CHANGE, type RoleTable } from './rule-notation.js';

/** What goes into the cluster roles admin, edit and view; admin has what edit has, edit what view has. */
export const aggregatedRules: RoleTable = {
  admin: [
    allow('create', 'localsubjectaccessreviews', 'authorization.k8s.io'),
    allow(READ_AND_CHANGE, 'rolebindings roles', 'rbac.authorization.k8s.io'),
  ],
  edit: [
    allow(READ, 'pods/attach pods/exec pods/portforward pods/proxy secrets services/proxy'),
    allow('impersonate', 'serviceaccounts'),
    allow(CHANGE, 'pods pods/attach pods/exec pods/portforward pods/proxy'),
    allow('create', 'pods/eviction'),
    allow(
      CHANGE,
      'configmaps events persistentvolumeclaims replicationcontrollers replicationcontrollers/scale secrets serviceaccounts services services/proxy',
    ),
    allow('create', 'serviceaccounts/token'),
    allow(
      CHANGE,
      'daemonsets deployments deployments/rollback deployments/scale replicasets replicasets/scale statefulsets statefulsets/scale',
      'apps',
    ),
    allow(CHANGE, 'horizontalpodautoscalers', 'autoscaling'),
    allow(CHANGE, 'cronjobs jobs', 'batch'),
    allow(
      CHANGE,
      'daemonsets deployments deployments/rollback deployments/scale ingresses networkpolicies replicasets replicasets/scale replicationcontrollers/scale',
      'extensions',
    ),
    allow(CHANGE, 'poddisruptionbudgets', 'policy'),
    allow(CHANGE, 'ingresses networkpolicies', 'networking.k8s.io'),
    allow(READ_AND_CHANGE, 'leases', 'coordination.k8s.io'),
    ...during('DynamicResourceAllocation', allow(CHANGE, 'resourceclaims resourceclaimtemplates', 'resource.k8s.io')),
  ],
  view: [
    allow(
      READ,
      'configmaps endpoints persistentvolumeclaims persistentvolumeclaims/status pods replicationcontrollers replicationcontrollers/scale serviceaccounts services services/status',
    ),
    allow(
      READ,
      'bindings events limitranges namespaces/status pods/log pods/status replicationcontrollers/status resourcequotas resourcequotas/status',
    ),
    allow(READ, 'namespaces'),
    allow(READ, 'endpointslices', 'discovery.k8s.io'),
    allow(
      READ,
      'controllerrevisions daemonsets daemonsets/status deployments deployments/scale deployments/status replicasets replicasets/scale replicasets/status statefulsets statefulsets/scale statefulsets/status',
      'apps',
    ),
    allow(READ, 'horizontalpodautoscalers horizontalpodautoscalers/status', 'autoscaling'),
    allow(READ, 'cronjobs cronjobs/status jobs jobs/status', 'batch'),
    allow(
      READ,
      'daemonsets daemonsets/status deployments deployments/scale deployments/status ingresses ingresses/status networkpolicies replicasets replicasets/scale replicasets/status replicationcontrollers/scale',
      'extensions',
    ),
    allow(READ, 'poddisruptionbudgets poddisruptionbudgets/status', 'policy'),
    allow(READ, 'ingresses ingresses/status networkpolicies', 'networking.k8s.io'),
    ...during('DynamicResourceAllocation', allow(READ, 'resourceclaims resourceclaims/status resourceclaimtemplates', 'resource.k8s.io')),
  ],
};
