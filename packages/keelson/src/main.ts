import { runCli } from './cli.js';

/** A handle that something left open must not keep a finished command alive. */
const lingerMs = 2000;

void runCli(process.argv.slice(2)).then((exitCode) => {
  process.exitCode = exitCode;
  setTimeout(() => process.exit(), lingerMs).unref();
});
