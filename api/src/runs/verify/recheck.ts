import type { TableSync } from '../../sync/types.ts';
import { lookAgain } from '../../sync/verify/look-again.ts';
import { type VerifyContext, stepOf } from './context.ts';

/** Held while they are read, so few enough that a click does not wait for long. */
const itemsPerLook = 100;

/** Looks again at all that is not settled. What is settled drops out by itself, so a try that is interrupted goes on where it stood. */
export const recheck = async (sync: TableSync, context: VerifyContext, phase: 'recheck' | 'recheckRepaired'): Promise<void> => {
  const { verify, place, asOfMs, parents, signal } = context;
  let afterKey = '';
  for (;;) {
    const items = await verify.openItems(place, afterKey, itemsPerLook);
    const last = items.at(-1);
    if (last === undefined) return;
    afterKey = last.key;
    const settled = await lookAgain(sync, items, { asOfMs, parents, signal });
    await verify.save(stepOf(context, phase, { items: settled, isAfterRepair: phase === 'recheckRepaired' }));
    context.throwIfAsked();
  }
};
