import type { AdmissionAttributes, AdmissionPlugin } from '@keelson/machinery';
import { onEverything } from '../operations.js';
import { refusedWrite } from '../refused-write.js';

/** Refuses everything: for tests of what then happens. */
export const alwaysDeny: AdmissionPlugin = { name: 'AlwaysDeny', handles: onEverything, admit: deny, validate: deny };

function deny(attributes: AdmissionAttributes): never {
  throw refusedWrite(attributes, 'admission control is denying all modifications');
}
