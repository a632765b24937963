import { waitFor } from '@testing-library/react';
import userEvent from '@testing-library/user-event';

/** The nearest that says something about the pointer counts. */
const takesPointer = (element: Element): boolean => {
  for (let at: Element | null = element; at !== null; at = at.parentElement) {
    const { pointerEvents } = getComputedStyle(at);
    if (pointerEvents !== '' && pointerEvents !== 'inherit') return pointerEvents !== 'none';
  }
  return true;
};

/**
 * Clicks what stands in a menu or a list that has just been opened. Fluent lays such a thing out first, unseen and without taking the
 * pointer, and shows it a frame or two later: by its role it is found before a person could see it. `find` is asked anew each time.
 */
export const clickShown = async (find: () => HTMLElement): Promise<void> => {
  const element = await waitFor(() => {
    const found = find();
    if (!takesPointer(found)) throw new Error('it does not take the pointer yet');
    return found;
  });
  await userEvent.click(element);
};
