import { type Egress, RemoteServer } from '@keelson/machinery';
import { readKubeconfig } from '@keelson/schema';

/** The server that a kubeconfig names, which stands beside this one. */
export async function kubeconfigServer(file: string, { controlPlane: dialer, observer }: Egress): Promise<RemoteServer> {
  return new RemoteServer({ ...(await readKubeconfig(file)), ...(dialer && { dialer }), ...(observer && { observer }) });
}
