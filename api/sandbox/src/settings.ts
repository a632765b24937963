import { parseArgs } from 'node:util';
import { largestSpeed } from './dataverse/limits/clock.ts';

export interface SandboxSettings {
  readonly host: string;
  readonly dataversePort: number;
  readonly crmPort: number;
  readonly issuerPort: number;
  /** Generated records, beside the sample data. */
  readonly accounts: number;
  readonly contacts: number;
  readonly seed: number;
  /** Where the product's API is; pages link to it and the form's control asks it. */
  readonly apiUrl: string;
  /** False: Dataverse as it was before our solution was imported. */
  readonly isSolutionInstalled: boolean;
  /** True: with the columns of Microsoft's own connector. */
  readonly isMicrosoftConnectorInstalled: boolean;
  /** Whether Dataverse's service protection limits are enforced and its execution time is simulated. */
  readonly limits: boolean;
  readonly webServers: number;
  readonly dopHint: number;
  /** How much faster than the machine's the clock of the sandbox's Dataverse goes. */
  readonly clockSpeed: number;
}

/** Something the person who started the sandbox can mend; the message says how. */
export class StartRefused extends Error {}

const flags = {
  host: { type: 'string', default: '127.0.0.1' },
  'dataverse-port': { type: 'string', default: '4510' },
  'crm-port': { type: 'string', default: '4520' },
  'issuer-port': { type: 'string', default: '4530' },
  accounts: { type: 'string', default: '0' },
  contacts: { type: 'string', default: '0' },
  seed: { type: 'string', default: '1' },
  'api-url': { type: 'string', default: 'http://127.0.0.1:4500' },
  'without-solution': { type: 'boolean', default: false },
  'microsoft-connector': { type: 'boolean', default: false },
  limits: { type: 'boolean', default: false },
  'web-servers': { type: 'string', default: '3' },
  'dop-hint': { type: 'string', default: '4' },
  'clock-speed': { type: 'string', default: '1' },
} as const;

type NumberFlag = Exclude<keyof typeof flags, 'host' | 'api-url' | 'limits' | 'without-solution' | 'microsoft-connector'>;

const parseFlags = (args: readonly string[]) => {
  try {
    return parseArgs({ args: [...args], options: flags, allowPositionals: false }).values;
  } catch (error) {
    // node:util writes some of its reasons on several lines.
    const reason = (error instanceof Error ? error.message : String(error)).replaceAll(/\s*\n\s*/g, ' ');
    throw new StartRefused(
      `${reason} The sandbox knows: ${Object.keys(flags)
        .map((name) => `--${name}`)
        .join(' ')}.`,
    );
  }
};

/** Reads the command line. Throws StartRefused with one line that says which flag is wrong and what it takes. */
export const readSettings = (args: readonly string[]): SandboxSettings => {
  const values = parseFlags(args);
  const wholeNumber = (name: NumberFlag, max: number, min = 0): number => {
    const value = Number(values[name]);
    if (!/^\d+$/.test(values[name]) || value < min || value > max) {
      throw new StartRefused(`--${name} takes a whole number from ${min} to ${max}.`);
    }
    return value;
  };
  if (!/^https?:$/.test(URL.parse(values['api-url'])?.protocol ?? '')) {
    throw new StartRefused('--api-url takes an address such as http://127.0.0.1:4500.');
  }
  return {
    host: values.host,
    dataversePort: wholeNumber('dataverse-port', 65_535),
    crmPort: wholeNumber('crm-port', 65_535),
    issuerPort: wholeNumber('issuer-port', 65_535),
    accounts: wholeNumber('accounts', 1_000_000),
    contacts: wholeNumber('contacts', 1_000_000),
    seed: wholeNumber('seed', 2 ** 32 - 1),
    apiUrl: values['api-url'].replace(/\/+$/, ''),
    isSolutionInstalled: !values['without-solution'],
    isMicrosoftConnectorInstalled: values['microsoft-connector'],
    limits: values.limits,
    webServers: wholeNumber('web-servers', 64, 1),
    dopHint: wholeNumber('dop-hint', 1024, 1),
    clockSpeed: wholeNumber('clock-speed', largestSpeed, 1),
  };
};
