import { RelativeTime, relativeTime, timeAhead } from '@crm-sync/ui';
import { jest } from '@jest/globals';
import { act, fireEvent, render, screen, waitFor } from '@testing-library/react';
import fc from 'fast-check';
import * as React from 'react';

const second = 1000;
const minute = 60 * second;
const hour = 60 * minute;
const day = 24 * hour;
const noon = Date.parse('2026-11-22T12:00:00.000Z');

describe('relativeTime', () => {
  it.each([
    [0, 'now'],
    [59 * second, 'now'],
    [minute, '1 minute ago'],
    [hour - 1, '59 minutes ago'],
    [hour, '1 hour ago'],
    [day - 1, '23 hours ago'],
    [day, 'yesterday'],
    [29 * day, '29 days ago'],
    [30 * day, 'last month'],
    [364 * day, '12 months ago'],
    [800 * day, '2 years ago'],
    [-5 * minute, 'now'],
  ])('%d ms old is %s', (ageMs, words) => {
    expect(relativeTime(noon - ageMs, noon, 'en-US')).toBe(words);
  });

  it.each([
    [59 * second, 'now'],
    [7 * minute + 40 * second, 'in 7 minutes'],
    [day, 'tomorrow'],
    [3 * day, 'in 3 days'],
    [-5 * minute, 'now'],
  ])('what is planned in %d ms is %s', (aheadMs, words) => {
    expect(timeAhead(noon + aheadMs, noon, 'en-US')).toBe(words);
  });

  it('speaks the language that it is asked in', () => {
    expect(relativeTime(noon - 5 * minute, noon, 'ru-RU')).toBe('5 минут назад');
    expect(relativeTime(noon - 5 * minute, noon, 'de-DE')).toBe('vor 5 Minuten');
  });

  it('has words for every age', () => {
    fc.assert(fc.property(fc.nat(), (ageMinutes) => relativeTime(noon - ageMinutes * minute, noon, 'en-US') !== ''));
  });
});

describe('RelativeTime', () => {
  it('shows the exact time on focus', async () => {
    render(
      <RelativeTime
        time="2026-11-22T11:57:00.000Z"
        languageTag="en-US"
        nowMs={() => noon}
        formatExact={() => '22 November 2026, 11:57:00'}
      />,
    );
    fireEvent.focus(screen.getByText('3 minutes ago'));
    await waitFor(() => expect(document.querySelector('.ms-Tooltip')).toHaveTextContent('22 November 2026, 11:57:00'));
  });

  it('grows older by itself', () => {
    jest.useFakeTimers();
    let now = noon;
    render(<RelativeTime time="2026-11-22T11:57:00.000Z" languageTag="en-US" nowMs={() => now} />);
    now += minute;
    act(() => {
      jest.advanceTimersByTime(minute);
    });
    expect(screen.getByText('4 minutes ago')).toBeInTheDocument();
    jest.useRealTimers();
  });

  it('shows nothing for what is not a time', () => {
    const { container } = render(<RelativeTime time="yesterday-ish" languageTag="en-US" />);
    expect(container).toBeEmptyDOMElement();
  });
});
