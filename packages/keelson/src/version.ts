export const keelsonVersion = '0.1.0';

export { kubernetesRelease as kubernetesVersion } from '@keelson/machinery';
