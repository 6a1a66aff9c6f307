import type { AdmissionAttributes } from '@keelson/machinery';

type Operation = AdmissionAttributes['operation'];

/** For `AdmissionPlugin.handles`: what makes objects. */
export const onCreate = (operation: Operation): boolean => operation === 'CREATE';

export const onUpdate = (operation: Operation): boolean => operation === 'UPDATE';

/** What makes objects and what changes them. */
export const onCreateAndUpdate = (operation: Operation): boolean => operation === 'CREATE' || operation === 'UPDATE';

export const onEverything = (): boolean => true;
