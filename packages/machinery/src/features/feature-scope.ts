import { defaultFeatures, type Features } from './feature-gates.js';

let inForce: Features = defaultFeatures;

/**
 * Has `rules`, which run at once and to their end, see the features of one server. Defaulting and validation are many
 * small rules deep below those who know the server, few of which ask for a feature.
 */
export function underFeatures<T>(features: Features, rules: () => T): T {
  const before = inForce;
  inForce = features;
  try {
    return rules();
  } finally {
    inForce = before;
  }
}

/** Whether the server whose rules run has the feature; of a default one, where nobody said which server it is. */
export function hasFeature(name: string): boolean {
  return inForce.get(name) === true;
}
