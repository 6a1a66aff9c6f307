import type { AdmissionPlugin } from '@keelson/machinery';
import { onEverything } from '../operations.js';

/** Takes part in everything and objects to nothing. */
export const alwaysAdmit: AdmissionPlugin = { name: 'AlwaysAdmit', handles: onEverything, admit: nothing, validate: nothing };

function nothing(): void {
  // That is all it does.
}
