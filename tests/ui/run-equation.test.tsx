import { type RunCounts, RunEquation, StateDot, equationParts } from '@crm-sync/ui';
import { jest } from '@jest/globals';
import { fireEvent, render, screen } from '@testing-library/react';
import fc from 'fast-check';
import * as React from 'react';

const strings = {
  label: 'Records of this run',
  read: 'read',
  written: 'written',
  unchanged: 'unchanged',
  stale: 'stale',
  filtered: 'filtered',
  failed: 'failed',
  withheld: 'withheld',
  missing: 'missing',
};
const none: RunCounts = { read: 0, written: 0, unchanged: 0, stale: 0, filtered: 0, failed: 0, withheld: 0 };

describe('equationParts', () => {
  it('always add up to what was read', () => {
    const counts = fc.record({
      read: fc.nat(),
      written: fc.nat(),
      unchanged: fc.nat(),
      stale: fc.nat(),
      filtered: fc.nat(),
      failed: fc.nat(),
      withheld: fc.nat(),
    });
    fc.assert(fc.property(counts, (some) => equationParts(some).reduce((sum, { count }) => sum + count, 0) === some.read));
  });
});

describe('RunEquation', () => {
  it('writes the equation with separators and without empty parts', () => {
    render(
      <RunEquation
        counts={{ ...none, read: 61_204, written: 1_302, unchanged: 59_890, failed: 12 }}
        strings={strings}
        languageTag="en-US"
      />,
    );
    expect(screen.getByRole('group', { name: 'Records of this run' })).toHaveTextContent(
      'read 61,204= written 1,302+ unchanged 59,890+ failed 12',
    );
  });

  it('says that an empty run wrote nothing', () => {
    render(<RunEquation counts={none} strings={strings} languageTag="en-US" />);
    expect(screen.getByRole('group')).toHaveTextContent('read 0= written 0');
  });

  it('draws nothing in the bar of an empty run', () => {
    const { container } = render(<RunEquation counts={none} strings={strings} languageTag="en-US" />);
    expect(container.querySelector('[data-part]')).toBeNull();
  });

  it('shows it when the numbers do not add up', () => {
    render(<RunEquation counts={{ ...none, read: 10, written: 7 }} strings={strings} languageTag="en-US" />);
    expect(screen.getByRole('group')).toHaveTextContent('missing 3');
  });

  it('gives each part of the bar its share', () => {
    const { container } = render(
      <RunEquation counts={{ ...none, read: 4, written: 1, failed: 3 }} strings={strings} languageTag="en-US" />,
    );
    expect(container.querySelector('[data-part="failed"]')).toHaveStyle({ flexGrow: '3' });
  });

  it('lets a part be chosen', () => {
    const onPartSelect = jest.fn();
    render(<RunEquation counts={{ ...none, read: 3, failed: 3 }} strings={strings} languageTag="en-US" onPartSelect={onPartSelect} />);
    fireEvent.click(screen.getByRole('button', { name: 'failed 3' }));
    expect(onPartSelect).toHaveBeenCalledWith('failed');
  });
});

describe('StateDot', () => {
  it('gives each tone a shape of its own, so that no state is told by colour alone', () => {
    const shapes = (['good', 'attention', 'bad', 'busy', 'neutral'] as const).map((tone) => {
      const { container, unmount } = render(<StateDot tone={tone}>words</StateDot>);
      const shape = container.querySelector('svg')?.innerHTML;
      unmount();
      return shape;
    });
    expect(new Set(shapes).size).toBe(5);
  });
});
