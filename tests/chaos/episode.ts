import { setTimeout as delay } from 'node:timers/promises';
import { type Run, isFinal } from '@crm-sync/client';
import { equationError, hookSecret } from '../support/product.ts';
import { requestJson } from '../support/http-json.ts';
import { differencesOf, readCrm } from './compare-sides.ts';
import { type ChaosEvent, type Kill, planOf } from './plan.ts';
import type { ChaosSource, World, WriteMoment } from './world.ts';

/** Of crm.yaml. */
const recordsPerPage = 8;
/** Compared and written at the same time (as world.ts configures it), and the one that is read ahead: what a crash may repeat. */
const pagesUnderWay = 4;
const runWithinMs = 240_000;

export interface EpisodeResult {
  /** What is not as it should be; empty when all is well. */
  readonly problems: readonly string[];
  readonly kills: number;
  /** List requests to the CRM beyond those that the runs need without any kill, less one for each that was to meet trouble. */
  readonly repeatedPages: number;
}

/** Trouble that was ordered strikes the suite's own requests, too. */
const untilDone = async <Value>(work: () => Promise<Value>, withinMs = 120_000): Promise<Value> => {
  const deadlineMs = Date.now() + withinMs;
  for (;;) {
    try {
      return await work();
    } catch (error) {
      if (Date.now() > deadlineMs) throw error;
      await delay(30);
    }
  }
};

interface People {
  readonly people: readonly string[];
  readonly companies: readonly string[];
}

/** Plays what happens in the CRM and at the doors. Nothing of it is lost: what cannot be done now is done when a process is back. */
const createPlayer = (world: World, source: ChaosSource, { people, companies }: People) => {
  const { crm, id } = source;
  let number = 0;
  const at = (ids: readonly string[], index: number): string => ids[index % ids.length] ?? '';
  /** A deleted record takes no change; that is the CRM's business, and not ours. */
  const change = (collection: 'people' | 'companies', recordId: string, values: Record<string, unknown>): Promise<unknown> =>
    untilDone(() =>
      crm.patch(collection, recordId, values).catch((error: unknown) => {
        if (!String(error).includes(': 409 ')) throw error;
      }),
    );
  /** As an agent's: it may fail, and is not tried again. */
  const click = (table: 'account' | 'contact', recordId: string): Promise<unknown> =>
    world
      .client()
      .syncRecord({ table, sourceKey: `${id}~${recordId}` }, { signal: AbortSignal.timeout(15_000) })
      .catch(() => undefined);

  const play = async (event: ChaosEvent): Promise<void> => {
    number += 1;
    const value = `${number} ${id}`;
    switch (event.kind) {
      case 'changePerson':
        await change('people', at(people, event.person), { phone: value, city: `City ${value}` });
        return;
      case 'deletePerson':
        await untilDone(() => crm.delete('people', at(people, event.person)));
        return;
      case 'restorePerson':
        await change('people', at(people, event.person), { deleted_at: null, title: `Back ${value}` });
        return;
      case 'movePerson':
        await change('people', at(people, event.person), { company_id: at(companies, event.company) });
        return;
      case 'changeCompany':
        await change('companies', at(companies, event.company), { phone: value, region: `Region ${value}` });
        return;
      case 'createPerson':
        await untilDone(() => crm.create('people', { full_name: `Person ${value}`, company_id: at(companies, number) }));
        return;
      case 'createCompanyWithPerson': {
        const company = await untilDone(() => crm.create('companies', { name: `Company ${value}` }));
        await untilDone(() => crm.create('people', { full_name: `Person of ${value}`, company_id: company }));
        return;
      }
      case 'clickPerson':
        await click('contact', at(people, event.person));
        return;
      case 'clickCompany':
        await click('account', at(companies, event.company));
        return;
      case 'startRun':
        await untilDone(() => world.client().startRun({ sourceId: id, mode: 'incremental' }));
    }
  };
  return { play };
};

const untilOver = async (world: World, runId: string): Promise<Run> => {
  const deadlineMs = Date.now() + runWithinMs;
  for (;;) {
    const run = await world
      .client()
      .run(runId, AbortSignal.timeout(10_000))
      .then((detail) => detail.run)
      .catch(() => null);
    if (run !== null && isFinal(run)) return run;
    if (Date.now() > deadlineMs) throw new Error(`the run ${runId} was not over within ${runWithinMs} ms: ${JSON.stringify(run)}`);
    await delay(40);
  }
};

/** All runs of a source: also one that nobody knows of, as the process that was asked for it died before it could answer. */
const untilAllOver = async (world: World, sourceId: string): Promise<readonly Run[]> => {
  const runs: Run[] = [];
  const known = await untilDone(() => world.client().runs({ sourceId, limit: 100 }));
  for (const { id } of known) runs.push(await untilOver(world, id));
  return runs;
};

/** Kills processes as planned, and starts them again. */
const createKiller = (world: World, kills: readonly Kill[]) => {
  const waiting = [...kills];
  const restarts: Promise<void>[] = [];
  let done = 0;
  const strike = async (victim: number, { afterMs, restartAfterMs }: Kill): Promise<void> => {
    if (afterMs > 0) await delay(afterMs);
    if (!world.isAlive(victim)) return;
    world.kill(victim);
    done += 1;
    if (restartAfterMs > 0) await delay(restartAfterMs);
    await world.restart(victim);
  };
  const take = (kill: Kill, victim: number): void => {
    waiting.splice(waiting.indexOf(kill), 1);
    restarts.push(strike(victim, kill));
  };
  return {
    atMoment(writes: number, { when, sender }: WriteMoment): void {
      const kill = waiting.find((one) => one.atWrite <= writes && one.when === when);
      if (kill !== undefined) take(kill, sender);
    },
    /** What was planned for later than anything happened. */
    strikeLeft(): void {
      for (const kill of [...waiting]) take(kill, kill.afterMs % world.processCount);
    },
    untilAllAreBack: () => Promise.all(restarts),
    count: () => done,
  };
};

/** The CRM says how many there are, so nobody asks for one after the last. */
const pagesOf = (records: number): number => Math.max(1, Math.ceil(records / recordsPerPage));

/** A full run in peace, and what is wrong after it. */
export const readAllAgain = async (world: World, source: ChaosSource): Promise<readonly string[]> => {
  const { id } = await world.client().startRun({ sourceId: source.id, mode: 'full' });
  const { state, error } = await untilOver(world, id);
  const ended = state === 'succeeded' ? [] : [`the run ended as ${state}: ${JSON.stringify(error)}`];
  return [...ended, ...(await differencesOf(world, source))];
};

/**
 * One seed: a first load that is disturbed as planned, then calm, an incremental run, and a look at both sides. Gives what is wrong.
 */
export const playEpisode = async (world: World, seed: number): Promise<EpisodeResult> => {
  const plan = planOf(seed);
  const source = world.sourceOf(seed);
  const { crm, id: sourceId } = source;
  const ids = async (collection: 'people' | 'companies'): Promise<readonly string[]> =>
    (await readCrm(source, collection)).map((record) => record.id);
  const player = createPlayer(world, source, { people: await ids('people'), companies: await ids('companies') });
  const killer = createKiller(world, plan.kills);
  for (let process = 0; process < world.processCount; process += 1) {
    // Of a pair each is told of every change: both have the record in hand at the same moment.
    await crm.subscribe({ url: world.hookUrl(source, process), secret: hookSecret });
  }

  await crm.clearStatistics();
  for (const trouble of plan.crmTroubles) {
    await crm.addFault({ ...trouble, path: '/api/v1/', retryAfterSeconds: 0, ...(trouble.kind === 'slow' ? { delayMs: 40 } : {}) });
  }
  for (const fault of plan.dataverseFaults) await world.dataverse.addFault(fault);

  const events = [...plan.events];
  const played: Promise<void>[] = [];
  let writes = 0;
  const playUpTo = (count: number): void => {
    while (events[0] !== undefined && events[0].atWrite <= count) {
      const next = events.shift();
      if (next !== undefined) played.push(player.play(next.event));
    }
  };
  world.onWrite = (moment) => {
    if (moment.when === 'arrives') writes += 1;
    killer.atMoment(writes, moment);
    if (moment.when === 'arrives') playUpTo(writes);
  };

  const first = await untilDone(() => world.client().startRun({ sourceId, mode: 'full' }));
  await untilOver(world, first.id);
  playUpTo(Infinity);
  await Promise.all(played);
  killer.strikeLeft();
  await killer.untilAllAreBack();
  await untilAllOver(world, sourceId);

  world.onWrite = () => undefined;
  await crm.clearFaults();
  await world.dataverse.clearFaults();
  const last = await untilDone(() => world.client().startRun({ sourceId, mode: 'incremental' }));
  const final = await untilOver(world, last.id);
  const runs = await untilAllOver(world, sourceId);
  const { requestsByRoute } = await requestJson<{ readonly requestsByRoute: Readonly<Record<string, number>> }>(
    `${source.crmUrl}/sandbox/statistics`,
  );

  const problems: string[] = [];
  for (const run of runs) {
    if (equationError(run.counts) !== 0) problems.push(`the equation of run ${run.id} is out by ${equationError(run.counts)}`);
  }
  if (final.state !== 'succeeded') problems.push(`the last run ended as ${final.state}: ${JSON.stringify(final.error)}`);
  const failed = runs.filter(({ state }) => state === 'failed' || state === 'suspicious');
  for (const { state, error } of failed) problems.push(`a run ended as ${state}: ${JSON.stringify(error)}`);
  problems.push(...(await differencesOf(world, source)));

  const listed = (requestsByRoute['GET /api/v1/companies'] ?? 0) + (requestsByRoute['GET /api/v1/people'] ?? 0);
  const needed = runs.flatMap(({ parts }) => parts).reduce((sum, { counts }) => sum + pagesOf(counts.read), 0);
  const struck = plan.crmTroubles.reduce((sum, { count }) => sum + count, 0);
  const repeatedPages = listed - needed - struck;
  // A job that is given back is given back by all workers, so that a kill can cost both of a pair.
  const allowed = killer.count() * world.processCount * pagesUnderWay;
  if (repeatedPages > allowed) problems.push(`${repeatedPages} pages were read again after ${killer.count()} kills`);
  return { problems, kills: killer.count(), repeatedPages };
};
