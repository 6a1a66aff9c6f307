import { fileURLToPath } from 'node:url';

/** The command line under test: the one built here, or another that KEELSON_PROGRAM names, such as an installed one. */
export const keelsonProgram =
  process.env.KEELSON_PROGRAM ?? fileURLToPath(new URL('../../packages/keelson/bin/keelson.mjs', import.meta.url));
