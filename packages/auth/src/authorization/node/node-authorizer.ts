import { type AuthorizationAttributes, type AuthorizationDecision, type Authorizer, nodeNameOf, quote } from '@keelson/machinery';
import { CompiledRule, type PolicyRule } from '../rbac/policy-rule.js';
import type { NodeGraph, NodeRelated } from './node-graph.js';

type Request = AuthorizationAttributes;

/** Decides for a node about requests for one resource. */
type Check = (node: string, request: Request) => AuthorizationDecision;

const LEASE_NAMESPACE = 'kube-node-lease';
const READ = new Set(['get', 'list', 'watch']);
const OWN_OBJECT = new Set(['get', 'create', 'update', 'patch', 'delete']);

const allow: AuthorizationDecision = { decision: 'allow' };
const noOpinion: AuthorizationDecision = { decision: 'noOpinion' };

function because(reason: string): AuthorizationDecision {
  return { decision: 'noOpinion', reason };
}

export interface NodeAuthorizerOptions {
  readonly graph: NodeGraph;
  /** What every node may do, beside what it may do to what it has to do with. */
  readonly rules: readonly PolicyRule[];
  /** Whether pod certificate requests are served. */
  readonly podCertificates: boolean;
  /** Whether kubelets may read the service accounts of their pods, for what they do in their names. */
  readonly readsServiceAccounts: boolean;
}

/**
 * `--authorization-mode=Node`: lets kubelets read what the pods on their node need, and write what is of their node.
 * What they may write into it, the admission plugin NodeRestriction says.
 */
export class NodeAuthorizer implements Authorizer {
  readonly #graph: NodeGraph;
  readonly #rules: readonly CompiledRule[];
  /** By resource. */
  readonly #checks: ReadonlyMap<string, { readonly group: string; readonly check: Check }>;

  constructor({ graph, rules, podCertificates, readsServiceAccounts }: NodeAuthorizerOptions) {
    this.#graph = graph;
    this.#rules = rules.map((rule) => new CompiledRule(rule));
    this.#checks = new Map([
      ['secrets', { group: '', check: this.#read('secret') }],
      ['configmaps', { group: '', check: this.#read('configMap') }],
      ['persistentvolumeclaims', { group: '', check: this.#claim }],
      ['persistentvolumes', { group: '', check: this.#get('volume') }],
      ['resourceclaims', { group: 'resource.k8s.io', check: this.#get('resourceClaim') }],
      ['volumeattachments', { group: 'storage.k8s.io', check: this.#get('volumeAttachment') }],
      ['serviceaccounts', { group: '', check: this.#serviceAccount(readsServiceAccounts) }],
      ['leases', { group: 'coordination.k8s.io', check: lease }],
      ['csinodes', { group: 'storage.k8s.io', check: csiNode }],
      ['resourceslices', { group: 'resource.k8s.io', check: this.#resourceSlice }],
      ['nodes', { group: '', check: nodeObject }],
      ['pods', { group: '', check: this.#pod }],
      ['podcertificaterequests', { group: 'certificates.k8s.io', check: podCertificates ? this.#podCertificateRequest : () => noOpinion }],
    ]);
  }

  authorize(request: Request): AuthorizationDecision {
    const node = nodeNameOf(request.user);
    if (node === undefined) return noOpinion;
    if (node === '') return because(`unknown node for user ${quote(request.user.name)}`);
    const special = request.resourceRequest ? this.#checks.get(request.resource) : undefined;
    if (special !== undefined && special.group === request.apiGroup) return special.check(node, request);
    return this.#rules.some((rule) => rule.allows(request)) ? allow : noOpinion;
  }

  #related(node: string, kind: NodeRelated, { namespace, name }: Request): AuthorizationDecision {
    if (name === '') return because('No Object name found');
    if (this.#graph.isRelated(node, kind, namespace, name)) return allow;
    return because(`no relationship found between node '${node}' and this object`);
  }

  /** Single objects: lists and watches are narrowed to one name. */
  #read(kind: NodeRelated): Check {
    return (node, request) => {
      if (!READ.has(request.verb)) return because('can only read resources of this type');
      if (request.subresource !== '') return because('cannot read subresource');
      if (request.namespace === '') return because('can only read namespaced object of this type');
      return this.#related(node, kind, request);
    };
  }

  #get(kind: NodeRelated): Check {
    return (node, request) => {
      if (request.verb !== 'get') return because('can only get individual resources of this type');
      if (request.subresource !== '') return because('cannot get subresource');
      return this.#related(node, kind, request);
    };
  }

  readonly #getClaim = this.#get('volumeClaim');

  readonly #claim: Check = (node, request) => {
    if (request.subresource !== 'status') return this.#getClaim(node, request);
    if (request.verb !== 'update' && request.verb !== 'patch') return because('can only get/update/patch this type');
    return this.#related(node, 'volumeClaim', request);
  };

  readonly #readServiceAccount = this.#read('serviceAccount');

  #serviceAccount(reads: boolean): Check {
    return (node, request) => {
      const { verb, subresource, name } = request;
      if (verb === 'get' && subresource === '')
        return reads ? this.#readServiceAccount(node, request) : because('not allowed to get service accounts');
      if (verb !== 'create' || name === '') return because('can only create tokens for individual service accounts');
      if (subresource !== 'token') return because('can only create token subresource of serviceaccount');
      return this.#related(node, 'serviceAccount', request);
    };
  }

  readonly #resourceSlice: Check = (node, request) => {
    if (request.subresource !== '') return because('cannot authorize ResourceSlice subresources');
    switch (request.verb) {
      case 'create':
        return allow;
      case 'get':
      case 'update':
      case 'patch':
      case 'delete':
        return this.#related(node, 'resourceSlice', request);
      case 'watch':
      case 'list':
      case 'deletecollection':
        if (selectsNode(node, request)) return allow;
        return because('can only list/watch/deletecollection resourceslices with nodeName field selector');
      default:
        return because(
          'only the following verbs are allowed for a ResourceSlice: get, watch, list, create, update, patch, delete, deletecollection',
        );
    }
  };

  readonly #getPod = this.#get('pod');

  readonly #pod: Check = (node, request) => {
    const { verb, subresource } = request;
    switch (subresource) {
      case '':
        if (verb === 'get') return this.#getPod(node, request);
        if (verb === 'list' || verb === 'watch') return this.#listPods(node, request);
        // Mirror pods.
        return verb === 'create' || verb === 'delete' ? allow : noOpinion;
      case 'status':
        return verb === 'update' || verb === 'patch' ? allow : noOpinion;
      case 'eviction':
        return verb === 'create' ? allow : noOpinion;
      default:
        return noOpinion;
    }
  };

  #listPods(node: string, request: Request): AuthorizationDecision {
    if (selectsNode(node, request)) return allow;
    if (request.name !== '') return this.#related(node, 'pod', request);
    return because('can only list/watch pods with spec.nodeName field selector');
  }

  readonly #podCertificateRequest: Check = (node, request) => {
    if (request.subresource !== '') return because('nodes may not access the status subresource of PodCertificateRequests');
    switch (request.verb) {
      case 'create':
        return allow;
      case 'get':
        return this.#related(node, 'podCertificateRequest', request);
      case 'list':
      case 'watch':
        if (selectsNode(node, request)) return allow;
        return because('can only list/watch podcertificaterequests with nodeName field selector');
      default:
        return because(`nodes may not ${request.verb} podcertificaterequests`);
    }
  };
}

function selectsNode(node: string, { fieldSelector }: Request): boolean {
  const named = ({ field, operator, value }: { field: string; operator: string; value: string }) =>
    field === 'spec.nodeName' && operator === '=' && value === node;
  return fieldSelector?.requirements.some(named) === true;
}

/** The name of a new object is not known yet. */
const lease: Check = (node, { verb, namespace, name }) => {
  if (!OWN_OBJECT.has(verb)) return because('can only get, create, update, patch, or delete a node lease');
  if (namespace !== LEASE_NAMESPACE) return because(`can only access leases in the ${quote(LEASE_NAMESPACE)} system namespace`);
  if (verb !== 'create' && name !== node) return because('can only access node lease with the same name as the requesting node');
  return allow;
};

const csiNode: Check = (node, { verb, subresource, name }) => {
  if (!OWN_OBJECT.has(verb)) return because('can only get, create, update, patch, or delete a CSINode');
  if (subresource !== '') return because('cannot authorize CSINode subresources');
  if (verb !== 'create' && name !== node) return because('can only access CSINode with the same name as the requesting node');
  return allow;
};

/** By name and not by what is there: a kubelet looks for its node before it makes it. */
const nodeObject: Check = (node, { verb, subresource, name }) => {
  if (subresource === 'status') return verb === 'update' || verb === 'patch' ? allow : noOpinion;
  if (subresource !== '') return noOpinion;
  if (!READ.has(verb)) return verb === 'create' || verb === 'update' || verb === 'patch' ? allow : noOpinion;
  if (name === node) return allow;
  if (name === '') return because(`node '${node}' cannot read all nodes, only its own Node object`);
  return because(`node '${node}' cannot read '${name}', only its own Node object`);
};
