import { createServer } from 'node:net';
import { parseArgs } from 'node:util';

/** Something that the person who started the demo can mend; the message says how. */
export class DemoRefused extends Error {}

const flags = {
  once: { type: 'boolean', default: false },
  webhooks: { type: 'boolean', default: false },
  help: { type: 'boolean', default: false },
  accounts: { type: 'string', default: '0' },
  contacts: { type: 'string', default: '0' },
  'api-port': { type: 'string', default: '4500' },
  'dataverse-port': { type: 'string', default: '4510' },
  'crm-port': { type: 'string', default: '4520' },
  'issuer-port': { type: 'string', default: '4530' },
} as const;

const portFlags = ['api-port', 'dataverse-port', 'crm-port', 'issuer-port'] as const;

export const usage = `npm run demo -- [flags]

  --once               ends after the first sync, with exit code 0 when every record arrived
  --webhooks           the CRM reports its changes by itself
  --accounts <n>       so many generated accounts beside the sample data
  --contacts <n>       so many generated contacts beside the sample data
  --api-port <n>       default 4500; likewise --dataverse-port 4510, --crm-port 4520, --issuer-port 4530`;

export type DemoOptions = ReturnType<typeof readOptions>;

/** Throws DemoRefused with a line that says which flag is wrong. */
export const readOptions = (args: readonly string[]) => {
  const parse = () => {
    try {
      return parseArgs({ args: [...args], options: flags }).values;
    } catch (error) {
      const reason = error instanceof Error ? (error.message.split(/\. |\n/)[0] ?? '') : '';
      throw new DemoRefused(`${reason}.\n\n${usage}`);
    }
  };
  const options = parse();
  for (const name of portFlags) {
    // Not 0, any free port: each of the programs must know the others' addresses before they listen.
    const isPort = /^\d{1,5}$/.test(options[name]) && Number(options[name]) >= 1 && Number(options[name]) <= 65_535;
    if (!isPort) throw new DemoRefused(`--${name} takes a port number from 1 to 65535.`);
  }
  return options;
};

const isFree = (port: number): Promise<boolean> =>
  new Promise((resolve) => {
    const server = createServer();
    server.once('error', () => resolve(false)).listen(port, '127.0.0.1', () => server.close(() => resolve(true)));
  });

/** Looks before anything is started: a second demo beside the first should hear of all four ports, and at once. */
export const checkPorts = async (options: DemoOptions): Promise<void> => {
  const areFree = await Promise.all(portFlags.map((name) => isFree(Number(options[name]))));
  const taken = portFlags.filter((_name, index) => areFree[index] !== true);
  if (taken.length === 0) return;
  const others = taken.map((name) => `--${name} ${Number(options[name]) + 100}`);
  throw new DemoRefused(
    `Taken on 127.0.0.1, perhaps by another demo: ${taken.map((name) => `port ${options[name]}`).join(', ')}.\n` +
      `Stop it, or choose other ports: npm run demo -- ${others.join(' ')}`,
  );
};
