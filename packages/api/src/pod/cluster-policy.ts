/**
 * What the operator lets pods do. One for the whole process, as the resources are; set when the groups are put together,
 * before the first request.
 */
export const clusterPolicy = {
  /** `--allow-privileged` */
  allowPrivileged: true,
};
