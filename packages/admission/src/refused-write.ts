import { type AdmissionAttributes, type ApiError, forbidden } from '@keelson/machinery';

/** How a plugin refuses a write. An object that has no name yet is called by what its name will begin with. */
export function refusedWrite({ resource, name, object }: AdmissionAttributes, why: string): ApiError {
  return forbidden(resource, name || object?.metadata.name || object?.metadata.generateName || 'Unknown', why);
}
