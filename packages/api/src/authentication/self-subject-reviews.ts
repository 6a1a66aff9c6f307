import { authentication } from '@keelson/schema';
import { defineResource } from '@keelson/server';
import { removedVersion } from '../conversion/removed-version.js';
import { shownUser } from './shown-user.js';

type SelfSubjectReview = authentication.v1.SelfSubjectReview;

/** KEP-3325: who the server takes the sender for. */
export const selfSubjectReviews = defineResource<SelfSubjectReview>(authentication.v1.SelfSubjectReview, {
  names: { plural: 'selfsubjectreviews' },
  scope: 'Cluster',
  storage: { key: 'selfsubjectreviews' },
  versions: [
    removedVersion(authentication.v1beta1.SelfSubjectReview, { deprecated: '1.30', removed: '1.33' }),
    removedVersion(authentication.v1alpha1.SelfSubjectReview, { deprecated: '1.29', removed: '1.32' }),
  ],
  verbs: ['create'],
  review: (_review, { user, now }) => ({
    metadata: { creationTimestamp: now },
    status: { userInfo: shownUser(user) },
  }),
});
