import { authentication } from '@keelson/schema';
import { defineResource } from '@keelson/server';
import { shownUser } from './shown-user.js';

type SelfSubjectReview = authentication.v1.SelfSubjectReview;

/** KEP-3325: who the server takes the sender for. */
export const selfSubjectReviews = defineResource<SelfSubjectReview>(authentication.v1.SelfSubjectReview, {
  names: { plural: 'selfsubjectreviews' },
  scope: 'Cluster',
  storage: { key: 'selfsubjectreviews' },
  verbs: ['create'],
  review: (_review, { user, now }) => ({
    metadata: { creationTimestamp: now },
    status: { userInfo: shownUser(user) },
  }),
});
