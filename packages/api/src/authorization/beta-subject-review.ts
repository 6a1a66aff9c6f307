import type { authorization } from '@keelson/schema';
import { present } from '../conversion/present.js';

type Beta = authorization.v1beta1.SubjectAccessReview;
type Review = authorization.v1.SubjectAccessReview;

/** Reviews of somebody else's access name the groups in the singular in v1beta1, `group`. */
export const betaSubjectReview = {
  toHub({ spec: { group, ...spec }, ...review }: Beta): Review {
    return { ...review, spec: present<Review['spec']>({ ...spec, groups: group }) };
  },
  fromHub({ spec: { groups, ...spec }, ...review }: Review): Beta {
    return { ...review, spec: present<Beta['spec']>({ ...spec, group: groups }) };
  },
};
