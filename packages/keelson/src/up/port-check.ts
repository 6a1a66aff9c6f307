import { createServer } from 'node:net';

export interface WantedPort {
  readonly host: string;
  readonly port: number;
  /** What listens there, and the flag that moves it. */
  readonly purpose: string;
  readonly flag: string;
}

/** Throws an error that names every port which something else already listens on. */
export async function requireFreePorts(ports: readonly WantedPort[]): Promise<void> {
  const problems = (await Promise.all(ports.map(portProblem))).filter((problem) => problem !== undefined);
  if (problems.length > 0) throw new Error(problems.join('\n'));
}

async function portProblem({ host, port, purpose, flag }: WantedPort): Promise<string | undefined> {
  if (port < 1 || port > 65_535) return `port ${port} for ${purpose} is not between 1 and 65535: choose another with ${flag}`;
  const code = await listenError(host, port);
  if (code === undefined) return undefined;
  const where = `port ${port} on ${host} for ${purpose}`;
  if (code === 'EADDRINUSE') return `${where} is in use by another program: stop it, or choose another port with ${flag}`;
  if (code === 'EACCES') return `${where} may not be used by this user: choose one above 1023 with ${flag}`;
  return `${where} cannot be used (${code}): choose another with ${flag}`;
}

function listenError(host: string, port: number): Promise<string | undefined> {
  return new Promise((resolve) => {
    const server = createServer();
    server.once('error', (error: NodeJS.ErrnoException) => resolve(error.code ?? error.message));
    server.listen({ host, port, exclusive: true }, () => server.close(() => resolve(undefined)));
  });
}
