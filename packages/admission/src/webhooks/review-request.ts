import type { AdmissionAttributes, GroupVersionKind, GroupVersionResource, ServedVersion, UserInfo } from '@keelson/machinery';
import { formatJson } from '@keelson/machinery';
import type { ReviewedObjects } from './reviewed-objects.js';

/** Versions of AdmissionReview that can be sent. They have the same shape. */
export type ReviewVersion = 'v1' | 'v1beta1';

/** The body of an AdmissionReview about a request, with objects as `version` shows them. */
export function reviewRequest(
  uid: string,
  reviewVersion: ReviewVersion,
  attributes: AdmissionAttributes,
  version: ServedVersion,
  objects: ReviewedObjects,
): string {
  const { kind, resource, subresource, name, namespace, operation, user, dryRun, options } = attributes;
  const told = {
    uid,
    kind: kindOf(version.kind),
    resource: resourceOf(version.resource),
    ...(version.subresource !== '' && { subResource: version.subresource }),
    requestKind: kindOf(kind),
    requestResource: resourceOf(resource),
    ...(subresource !== '' && { requestSubResource: subresource }),
    ...(name !== '' && { name }),
    ...(namespace !== '' && { namespace }),
    operation,
    userInfo: userOf(user),
  };
  const shown = `"object":${objects.object(version)},"oldObject":${objects.oldObject(version)}`;
  const rest = `"dryRun":${dryRun},"options":${operation === 'CONNECT' ? 'null' : formatJson(options)}`;
  const request = `${formatJson(told).slice(0, -1)},${shown},${rest}}`;
  return `{"kind":"AdmissionReview","apiVersion":"admission.k8s.io/${reviewVersion}","request":${request}}\n`;
}

function kindOf({ group, version, kind }: GroupVersionKind): GroupVersionKind {
  return { group, version, kind };
}

function resourceOf({ group, version, resource }: GroupVersionResource): GroupVersionResource {
  return { group, version, resource };
}

function userOf({ name, uid, groups, extra = {} }: UserInfo): object {
  return {
    ...(name !== '' && { username: name }),
    ...(uid && { uid }),
    ...(groups.length > 0 && { groups }),
    ...(Object.keys(extra).length > 0 && { extra }),
  };
}
