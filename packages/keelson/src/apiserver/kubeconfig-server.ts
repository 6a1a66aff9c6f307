import { type Dialer, type RemoteAccess, RemoteServer } from '@keelson/machinery';
import { readKubeconfig } from '@keelson/schema';

/** The server that a kubeconfig names. `dialer`: the way there. */
export async function kubeconfigServer(file: string, dialer: Dialer | undefined): Promise<RemoteServer> {
  const access = await readKubeconfig(file);
  requireTrust(access);
  return new RemoteServer({ ...access, ...(dialer && { dialer }) });
}

function requireTrust({ certificateAuthority, insecureSkipTlsVerify }: RemoteAccess): void {
  if (certificateAuthority === undefined) return;
  if (insecureSkipTlsVerify) throw new Error('specifying a root certificates file with the insecure flag is not allowed');
  if (!certificateAuthority.includes('-----BEGIN CERTIFICATE-----'))
    throw new Error('unable to load root certificates: unable to parse bytes as PEM block');
}
