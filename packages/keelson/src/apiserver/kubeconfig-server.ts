import { type Dialer, RemoteServer } from '@keelson/machinery';
import { readKubeconfig } from '@keelson/schema';

/** The server that a kubeconfig names. `dialer`: the way there. */
export async function kubeconfigServer(file: string, dialer: Dialer | undefined): Promise<RemoteServer> {
  return new RemoteServer({ ...(await readKubeconfig(file)), ...(dialer && { dialer }) });
}
