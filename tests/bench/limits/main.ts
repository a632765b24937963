import { parseArgs } from 'node:util';
import { startReadyProcess } from '../../support/ready-process.ts';
import { applicationUser, applicationUsers } from '../../support/sandbox.ts';
import { type Contestant, type LimitsFigures, measureLimits } from './measure-limits.ts';

/**
 * `npm run bench -- limits`: how near the product comes to what Dataverse's limits permit, beside what people do without it. The
 * sandbox's limits are on and what a row takes is simulated; its clock goes faster, and says by how much it was not honest.
 */
const { values } = parseArgs({
  options: {
    // Whole windows of five minutes after the first: what a pause loses in one window is caught up within the next.
    minutes: { type: 'string', default: '15' },
    speed: { type: 'string', default: '5' },
    'web-servers': { type: 'string', default: '2' },
  },
});
const options = { minutes: Number(values.minutes), speed: Number(values.speed), webServers: Number(values['web-servers']) };

const product = 'tests/bench/limits/load-product.ts';
const plainly = 'tests/bench/limits/load-plainly.ts';
const one: Contestant = { name: 'the product, one application user', script: product, users: [applicationUser] };
const two: Contestant = { name: 'the product, two application users', script: product, users: applicationUsers.slice(0, 2) };
const fixed: Contestant = {
  name: 'UpsertMultiple of 100, 10 at a time',
  script: plainly,
  arguments: ['--rows', '100', '--parallel', '10'],
  users: [applicationUser],
};
const serial: Contestant = {
  name: 'a PATCH a row, one after another',
  script: plainly,
  arguments: ['--rows', '1', '--parallel', '1'],
  users: [applicationUser],
};

const say = (text = ''): void => void process.stdout.write(`${text}\n`);
const percent = (value: number): string => `${(value * 100).toFixed(1)} %`;
const rate = (value: number): string => Math.round(value).toLocaleString('en-US');
const missed: string[] = [];
const require = (what: string, isMet: boolean): string => {
  if (!isMet) missed.push(what);
  return isMet ? 'met' : 'MISSED';
};

const usedShare = ({ rowsPerSecond, permittedRowsPerSecond }: LimitsFigures): number => rowsPerSecond / permittedRowsPerSecond;
const refusedShare = ({ refused, requests }: LimitsFigures): number => refused / requests;

say(
  `Dataverse with its limits: ${options.webServers} web servers, ${options.minutes} minutes of which the first 5 do not count, clock ${options.speed} times as fast`,
);
const crm = await startReadyProcess<{ readonly crmUrl: string }>({
  args: ['tests/bench/null-servers.ts', '--accounts', '50000', '--contacts', '0'],
});
try {
  const measure = async (contestant: Contestant, minutes = options.minutes): Promise<LimitsFigures> => {
    const figures = await measureLimits(contestant, { ...options, minutes }, crm.ready.crmUrl);
    say(
      `  ${contestant.name.padEnd(36)} ${rate(figures.rowsPerSecond).padStart(6)} rows/s of ${rate(figures.permittedRowsPerSecond)} permitted: ` +
        `${percent(usedShare(figures))}; refused ${percent(refusedShare(figures))}; clock late by ${percent(figures.clockLateness)}`,
    );
    return figures;
  };
  const alone = await measure(one);
  const together = await measure(two);
  const asFixed = await measure(fixed);
  // A steady rate from the first second on.
  const asSerial = await measure(serial, 7);
  say();
  say(`  of what is permitted, at least 95 %: ${percent(usedShare(alone))} ${require('throughput', usedShare(alone) >= 0.95)}`);
  say(`  refused with 429, less than 1 %: ${percent(refusedShare(alone))} ${require('refusals', refusedShare(alone) < 0.01)}`);
  const gain = together.rowsPerSecond / alone.rowsPerSecond;
  say(`  two users against one, at least 1.9 times: ${gain.toFixed(2)} ${require('two users', gain >= 1.9)}`);
  say(`  against fixed size and fixed parallel: ${(alone.rowsPerSecond / asFixed.rowsPerSecond).toFixed(2)} times`);
  say(`  against a PATCH a row: ${(alone.rowsPerSecond / asSerial.rowsPerSecond).toFixed(1)} times`);
  if (missed.length > 0) say(`\nMissed: ${missed.join(', ')}`);
  process.exitCode = missed.length > 0 ? 1 : 0;
} finally {
  await crm.stop();
}
