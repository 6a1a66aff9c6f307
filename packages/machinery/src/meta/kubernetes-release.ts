/** The release whose API is served. */
export const kubernetesRelease = 'v1.34.9';
