export const keelsonVersion = '0.1.0';
