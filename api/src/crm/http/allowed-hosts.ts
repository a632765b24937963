import { lookup as systemLookup, type LookupAddress } from 'node:dns';
import { BlockList, isIP, type LookupFunction } from 'node:net';

/** Everything that is not a public address: this machine, private networks, link-local (cloud metadata), shared, reserved, multicast. */
const privateAddresses = new BlockList();
for (const [network, prefix] of [
  ['0.0.0.0', 8],
  ['10.0.0.0', 8],
  ['100.64.0.0', 10],
  ['127.0.0.0', 8],
  ['169.254.0.0', 16],
  ['172.16.0.0', 12],
  ['192.0.0.0', 24],
  ['192.168.0.0', 16],
  ['198.18.0.0', 15],
  ['224.0.0.0', 4],
  ['240.0.0.0', 4],
] as const) {
  privateAddresses.addSubnet(network, prefix, 'ipv4');
}
for (const [network, prefix] of [
  ['::', 96],
  ['64:ff9b::', 96],
  ['64:ff9b:1::', 48],
  ['2002::', 16],
  ['fc00::', 7],
  ['fe80::', 10],
  ['fec0::', 10],
  ['ff00::', 8],
] as const) {
  privateAddresses.addSubnet(network, prefix, 'ipv6');
}

/** IPv4 in IPv6 (`::ffff:10.0.0.1`) is checked by Node as the IPv4 address that it is. */
export const isPrivateAddress = (address: string): boolean => {
  const family = isIP(address);
  return family === 0 || privateAddresses.check(address, family === 6 ? 'ipv6' : 'ipv4');
};

/** The code that a connection fails with when a name leads to a private address. */
export const privateAddressCode = 'CCSYNC_PRIVATE_ADDRESS';

const refusePrivate = (address: string): NodeJS.ErrnoException =>
  Object.assign(new Error(`${address} is private`), { code: privateAddressCode });

/**
 * Looks names up and refuses private addresses at the moment of connecting. A check before the request would not do: the name could lead
 * elsewhere by the time of the connection (DNS rebinding).
 */
export const publicLookup: LookupFunction = (hostname, options, callback) => {
  systemLookup(hostname, { ...options, all: true }, (error, addresses: LookupAddress[]) => {
    const [first] = addresses ?? [];
    if (error !== null || first === undefined) {
      callback(error ?? Object.assign(new Error('no address'), { code: 'ENOTFOUND' }), '', 0);
      return;
    }
    const secret = addresses.find(({ address }) => isPrivateAddress(address));
    if (secret !== undefined) callback(refusePrivate(secret.address), '', 0);
    else if (options.all === true) callback(null, addresses);
    else callback(null, first.address, first.family);
  });
};

export type HostRefusal = 'host' | 'private';

export interface HostPolicy {
  /** null: requests and links may go there. */
  refusal(url: URL): HostRefusal | null;
}

export const literalAddress = (hostname: string): string | null => {
  const bare = hostname.startsWith('[') ? hostname.slice(1, -1) : hostname;
  return isIP(bare) === 0 ? null : bare;
};

export const isLocalName = (hostname: string): boolean => /(^|\.)localhost$/i.test(hostname);

/** The host of `baseUrl` with its port, and those that the manifest lists, on the standard port unless it names one. */
export const createHostPolicy = (options: {
  readonly baseUrl: string;
  readonly hosts: readonly string[];
  readonly allowPrivateNetwork: boolean;
}): HostPolicy => {
  const base = new URL(options.baseUrl);
  const exact = new Set([base.host, ...options.hosts.filter((host) => !host.startsWith('*.')).map((host) => host.toLowerCase())]);
  const suffixes = options.hosts.filter((host) => host.startsWith('*.')).map((host) => host.slice(1).toLowerCase());
  return {
    refusal: (url) => {
      const isHttp = url.protocol === 'https:' || (url.protocol === 'http:' && options.allowPrivateNetwork);
      if (!isHttp || url.username !== '' || url.password !== '') return 'host';
      if (!exact.has(url.host) && !suffixes.some((suffix) => url.host.endsWith(suffix))) return 'host';
      if (options.allowPrivateNetwork) return null;
      const address = literalAddress(url.hostname);
      return isLocalName(url.hostname) || (address !== null && isPrivateAddress(address)) ? 'private' : null;
    },
  };
};
