export const keelsonVersion = '0.1.0';

/** The release whose API is served. */
export const kubernetesVersion = 'v1.34.9';
