// Two servers that cost next to nothing, so that a benchmark measures the program between them. In a process of their own.
import { type RequestListener, createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { parseArgs } from 'node:util';
import { startIssuer } from '../../api/sandbox/src/issuer/server.ts';
import { createNullCrm } from './null-crm.ts';
import { createNullDataverse } from './null-dataverse.ts';

const listen = async (listener: RequestListener): Promise<string> => {
  const server = createServer({ keepAliveTimeout: 60_000 }, listener);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
};

const { values } = parseArgs({
  options: {
    accounts: { type: 'string', default: '10000' },
    contacts: { type: 'string', default: '100000' },
    delay: { type: 'string', default: '0' },
    'remembers-keys': { type: 'boolean', default: false },
  },
});
const crmUrl = await listen(
  createNullCrm({ accounts: Number(values.accounts), contacts: Number(values.contacts), delayMs: Number(values.delay) }),
);
const dataverseUrl = await listen(createNullDataverse({ remembersKeys: values['remembers-keys'] }));
// The real one of the sandbox: a client asks it once an hour.
const issuer = await startIssuer({ host: '127.0.0.1', port: 0 });
process.stdout.write(`${JSON.stringify({ ready: true, crmUrl, dataverseUrl, issuerUrl: issuer.url })}\n`);

// Whoever started this holds the other end of our input, and is done when it closes.
process.stdin.once('end', () => process.exit(0)).resume();
process.once('SIGTERM', () => process.exit(0));
