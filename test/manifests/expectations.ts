/** What is particular to one manifest. */
export interface Expectation {
  /** What it puts in the way of others, so that nothing else may be written meanwhile. */
  readonly alone?: string;
  /** An edit: a text in what `kubectl edit` shows, what to make of it, and the objects it is in. */
  readonly edit: readonly [from: string, to: string, ...objects: string[]];
  /** What the server warns of, whatever is done with the file. */
  readonly warnings?: readonly string[];
  /** What it warns of whenever the file's workload is written, be it for trial. */
  readonly writeWarnings?: readonly string[];
  /**
   * Objects that kubectl configures again though nothing changed, beyond those of `isAlwaysConfigured`. Either a list or struct
   * that is merged as a whole has defaults inside, or the file says what is kept in other words (`2048Gi`) or left out (`false`).
   */
  readonly configuredAgain?: readonly string[];
  /**
   * Fields that another manager can only apply with force. It means the same, but says it in other words: there are no
   * defaults in what it applies, and its quantities are as they are written.
   */
  readonly conflicts?: readonly string[];
}

const claimTemplates = ['.spec.volumeClaimTemplates'];

export const expectations: Readonly<Record<string, Expectation>> = {
  'batch/backup.yaml': {
    edit: ['example-backups', 'example-archive', 'cronjob.batch/backup'],
    configuredAgain: ['cronjob.batch/backup-verify'],
    conflicts: ['.spec.jobTemplate.spec.template.spec.containers[name="verify"].resources.limits.memory'],
  },
  'batch/ci-runner.yaml': {
    edit: ['replicas: 0', 'replicas: 4', 'deployment.apps/runner'],
  },
  'batch/etl.yaml': {
    edit: ['etl:2024.26', 'etl:2024.27', 'cronjob.batch/etl-nightly', 'cronjob.batch/etl-hourly'],
    configuredAgain: ['cronjob.batch/etl-nightly'],
    conflicts: ['.spec.jobTemplate.spec.podFailurePolicy.rules'],
  },
  'batch/indexed-training.yaml': {
    edit: ['suspend: true', 'suspend: false', 'job.batch/training'],
    configuredAgain: ['job.batch/training'],
    conflicts: ['.spec.template.spec.containers[name="train"].resources.limits.nvidia.com/gpu'],
  },
  'data/elasticsearch.yaml': {
    edit: ['Xms2g -Xmx2g', 'Xms3g -Xmx3g', 'statefulset.apps/elastic'],
    configuredAgain: ['statefulset.apps/elastic'],
    conflicts: claimTemplates,
  },
  'data/kafka.yaml': {
    edit: ['apache/kafka:3.7.0', 'apache/kafka:3.7.1', 'statefulset.apps/kafka'],
    configuredAgain: ['statefulset.apps/kafka'],
    conflicts: claimTemplates,
  },
  'data/local-volumes.yaml': {
    edit: ['rack: rack1', 'rack: rack2', 'persistentvolume/disk-rack1-a'],
    configuredAgain: ['persistentvolume/media-nfs', 'persistentvolume/block-iscsi', 'persistentvolumeclaim/media'],
    conflicts: ['.spec.resources.requests.storage'],
  },
  'data/mysql-replication.yaml': {
    edit: ['super-read-only', 'read-only', 'configmap/mysql'],
    configuredAgain: ['statefulset.apps/mysql'],
    conflicts: ['.spec.volumeClaimTemplates', '.spec.template.spec.containers[name="xtrabackup"].resources.requests.cpu'],
  },
  'data/object-store.yaml': {
    edit: ['replicas: 4', 'replicas: 8', 'statefulset.apps/minio'],
    configuredAgain: ['statefulset.apps/minio'],
    conflicts: claimTemplates,
  },
  'data/postgres.yaml': {
    edit: ['max_connections = 200', 'max_connections = 300', 'configmap/postgres'],
    configuredAgain: ['statefulset.apps/postgres'],
    conflicts: claimTemplates,
  },
  'data/rabbitmq.yaml': {
    edit: ['queue_master_locator=min-masters', 'queue_master_locator=random', 'configmap/rabbitmq'],
    conflicts: ['.spec.template.spec.containers[name="rabbitmq"].env[name="MY_POD_NAME"].valueFrom.fieldRef'],
  },
  'data/redis.yaml': {
    edit: ['maxmemory 400mb', 'maxmemory 420mb', 'configmap/redis'],
    configuredAgain: ['statefulset.apps/redis'],
    conflicts: claimTemplates,
  },
  'legacy/guestbook.yaml': {
    warnings: [
      'extensions/v1beta1 Deployment is deprecated in v1.8+, unavailable in v1.16+; use apps/v1 Deployment',
      'extensions/v1beta1 Ingress is deprecated in v1.14+, unavailable in v1.22+; use networking.k8s.io/v1 Ingress',
    ],
    edit: ['gb-frontend:v4', 'gb-frontend:v5', 'deployment.extensions/frontend'],
    configuredAgain: ['ingress.extensions/frontend'],
    conflicts: ['.spec.rules'],
  },
  'legacy/heapster.yaml': {
    warnings: [
      'rbac.authorization.k8s.io/v1beta1 ClusterRoleBinding is deprecated in v1.17+, unavailable in v1.22+; use rbac.authorization.k8s.io/v1 ClusterRoleBinding',
      'rbac.authorization.k8s.io/v1beta1 Role is deprecated in v1.17+, unavailable in v1.22+; use rbac.authorization.k8s.io/v1 Role',
      'apps/v1beta1 Deployment is deprecated in v1.8+, unavailable in v1.16+; use apps/v1 Deployment',
    ],
    edit: ['heapster-amd64:v1.4.2', 'heapster-amd64:v1.5.0', 'deployment.apps/heapster'],
  },
  'legacy/housekeeping.yaml': {
    warnings: [
      'batch/v1beta1 CronJob is deprecated in v1.21+, unavailable in v1.25+; use batch/v1 CronJob',
      'autoscaling/v2beta1 HorizontalPodAutoscaler is deprecated in v1.22+, unavailable in v1.25+; use autoscaling/v2 HorizontalPodAutoscaler',
      'apps/v1beta2 Deployment is deprecated in v1.9+, unavailable in v1.16+; use apps/v1 Deployment',
      'scheduling.k8s.io/v1beta1 PriorityClass is deprecated in v1.14+, unavailable in v1.22+; use scheduling.k8s.io/v1 PriorityClass',
      'storage.k8s.io/v1beta1 StorageClass is deprecated in v1.19+, unavailable in v1.22+; use storage.k8s.io/v1 StorageClass',
    ],
    edit: ['maxReplicas: 5', 'maxReplicas: 6', 'horizontalpodautoscaler.autoscaling/worker'],
  },
  'legacy/node-agent.yaml': {
    warnings: [
      'extensions/v1beta1 DaemonSet is deprecated in v1.8+, unavailable in v1.16+; use apps/v1 DaemonSet',
      'extensions/v1beta1 ReplicaSet is deprecated in v1.8+, unavailable in v1.16+; use apps/v1 ReplicaSet',
      'extensions/v1beta1 NetworkPolicy is deprecated in v1.9+, unavailable in v1.16+; use networking.k8s.io/v1 NetworkPolicy',
    ],
    edit: ['port: 24224', 'port: 24225', 'networkpolicy.extensions/aggregator'],
  },
  'legacy/zookeeper.yaml': {
    warnings: [
      'policy/v1beta1 PodDisruptionBudget is deprecated in v1.21+, unavailable in v1.25+; use policy/v1 PodDisruptionBudget',
      'apps/v1beta1 StatefulSet is deprecated in v1.8+, unavailable in v1.16+; use apps/v1 StatefulSet',
    ],
    edit: ['minAvailable: 2', 'minAvailable: 1', 'poddisruptionbudget.policy/zk-pdb'],
    configuredAgain: ['statefulset.apps/zk'],
    conflicts: ['.spec.volumeClaimTemplates', '.spec.template.spec.containers[name="kubernetes-zookeeper"].resources.requests.cpu'],
  },
  'monitoring/alertmanager.yaml': {
    edit: ['alertmanager:v0.27.0', 'alertmanager:v0.28.0', 'statefulset.apps/alertmanager'],
  },
  'monitoring/grafana.yaml': {
    edit: ['"uid": "requests"', '"uid": "req"', 'configmap/grafana-dashboard-requests'],
    configuredAgain: ['deployment.apps/grafana'],
  },
  'monitoring/kube-state-metrics.yaml': {
    edit: ['kube-state-metrics:v2.12.0', 'kube-state-metrics:v2.13.0', 'deployment.apps/kube-state-metrics'],
  },
  'monitoring/log-shipper.yaml': {
    edit: ['Flush         1', 'Flush         5', 'configmap/fluent-bit'],
  },
  'monitoring/node-exporter.yaml': {
    edit: ['node-exporter:v1.8.1', 'node-exporter:v1.8.2', 'daemonset.apps/node-exporter'],
    configuredAgain: ['daemonset.apps/node-exporter'],
    conflicts: ['.spec.template.spec.containers[name="kube-rbac-proxy"].env[name="IP"].valueFrom.fieldRef'],
  },
  'monitoring/prometheus.yaml': {
    writeWarnings: [
      'would violate PodSecurity "restricted:v1.34": allowPrivilegeEscalation != false (containers "prometheus", "reload" must set securityContext.allowPrivilegeEscalation=false), unrestricted capabilities (containers "prometheus", "reload" must set securityContext.capabilities.drop=["ALL"]), seccompProfile (pod or containers "prometheus", "reload" must set securityContext.seccompProfile.type to "RuntimeDefault" or "Localhost")',
    ],
    edit: ['retention.time=15d', 'retention.time=30d', 'statefulset.apps/prometheus'],
    configuredAgain: ['statefulset.apps/prometheus'],
    conflicts: claimTemplates,
  },
  'platform/certificates.yaml': {
    edit: ['timeoutSeconds: 30', 'timeoutSeconds: 15', 'mutatingwebhookconfiguration.admissionregistration.k8s.io/certificates'],
    configuredAgain: ['clusterrolebinding.rbac.authorization.k8s.io/certificates-controller'],
    conflicts: ['.subjects', '.spec.template.spec.containers[name="controller"].env[name="POD_NAMESPACE"].valueFrom.fieldRef'],
  },
  'platform/classes.yaml': {
    edit: ['matchingPrecedence: 1500', 'matchingPrecedence: 1400', 'flowschema.flowcontrol.apiserver.k8s.io/controllers-of-tenants'],
    configuredAgain: ['priorityclass.scheduling.k8s.io/production-high'],
  },
  'platform/dns.yaml': {
    edit: ['targetCPUUtilizationPercentage: 70', 'targetCPUUtilizationPercentage: 60', 'horizontalpodautoscaler.autoscaling/cluster-dns'],
  },
  'platform/storage.yaml': {
    edit: ['capacity: 5000Gi', 'capacity: 4000Gi', 'csistoragecapacity.storage.k8s.io/csisc-west-1a'],
  },
  'platform/team-onboarding.yaml': {
    edit: ['persistentvolumeclaims: "50"', 'persistentvolumeclaims: "60"', 'resourcequota/objects'],
    configuredAgain: ['resourcequota/compute'],
    conflicts: ['.spec.hard.limits.cpu'],
  },
  'security/admission-policies.yaml': {
    edit: ['reason: Invalid', 'reason: Forbidden', 'validatingadmissionpolicy.admissionregistration.k8s.io/replicas.policies.example.com'],
    configuredAgain: ['validatingadmissionpolicy.admissionregistration.k8s.io/replicas.policies.example.com'],
    conflicts: ['.spec.matchConstraints', '.spec.matchResources'],
  },
  'security/hardened-app.yaml': {
    edit: ['profiles/ledger.json', 'profiles/ledger-2.json', 'deployment.apps/ledger'],
  },
  'security/network-policies.yaml': {
    edit: ['endPort: 32768', 'endPort: 32100', 'networkpolicy.networking.k8s.io/api-from-web'],
    configuredAgain: ['networkpolicy.networking.k8s.io/db-from-api'],
    conflicts: ['.spec.ingress'],
  },
  'security/teams-rbac.yaml': {
    edit: ['- storefront', '- shopfront', 'role.rbac.authorization.k8s.io/release-manager'],
    configuredAgain: ['clusterrole.rbac.authorization.k8s.io/example-support'],
    conflicts: ['.rules'],
  },
  'web/api-backend.yaml': {
    edit: ['maxReplicas: 12', 'maxReplicas: 16', 'horizontalpodautoscaler.autoscaling/orders'],
    configuredAgain: ['deployment.apps/orders', 'service/orders', 'horizontalpodautoscaler.autoscaling/orders'],
    conflicts: [
      '.spec.template.spec.containers[name="orders"].env[name="GOMAXPROCS"].valueFrom.resourceFieldRef',
      '.spec.template.spec.containers[name="orders"].env[name="NODE"].valueFrom.fieldRef',
      '.spec.template.spec.containers[name="orders"].resources.limits.cpu',
      '.spec.template.spec.containers[name="orders"].resources.requests.cpu',
      '.spec.template.spec.volumes[name="runtime"].projected.sources',
      '.spec.metrics',
    ],
  },
  'web/blog.yaml': {
    edit: ['wordpress:6.5', 'wordpress:6.6', 'deployment.apps/blog'],
    configuredAgain: ['deployment.apps/blog'],
    conflicts: ['.spec.template.spec.containers[name="wordpress"].resources.limits.memory'],
  },
  'web/canary.yaml': {
    edit: ['canary-weight: "10"', 'canary-weight: "25"', 'ingress.networking.k8s.io/checkout-canary'],
  },
  'web/external-services.yaml': {
    warnings: ['v1 Endpoints is deprecated in v1.33+; use discovery.k8s.io/v1 EndpointSlice'],
    edit: ['198.51.100.9', '198.51.100.10', 'endpoints/mainframe'],
    configuredAgain: ['endpoints/mainframe'],
    conflicts: ['.subsets'],
  },
  'web/ingress-controller.yaml': {
    alone: 'a webhook that must answer for every ingress',
    writeWarnings: ['would violate PodSecurity "baseline:latest": hostPort (container "controller" uses hostPorts 443, 80)'],
    edit: ['controller:v1.11.2', 'controller:v1.11.3', 'deployment.apps/edge-ingress'],
    configuredAgain: ['deployment.apps/edge-ingress', 'validatingwebhookconfiguration.admissionregistration.k8s.io/edge-ingress-admission'],
    conflicts: ['.webhooks[name="validate.edge.ingress.example"].rules'],
  },
  'web/multi-tenant-proxy.yaml': {
    edit: ['maxconn 4096', 'maxconn 8192', 'configmap/proxy-routes'],
  },
  'web/shop.yaml': {
    edit: ['storefront:4.12.0', 'storefront:4.12.1', 'deployment.apps/storefront'],
    configuredAgain: ['networkpolicy.networking.k8s.io/storefront'],
    conflicts: ['.spec.template.spec.containers[name="app"].env[name="POD_IP"].valueFrom.fieldRef', '.spec.egress', '.spec.ingress'],
  },
  'web/static-site.yaml': {
    edit: ['auto_https off', 'auto_https disable_redirects', 'configmap/site'],
    configuredAgain: ['deployment.apps/site'],
  },
};
