import * as React from 'react';

export interface Fact {
  readonly name: string;
  readonly value: React.ReactNode;
}

/** Names and values, side by side. */
export const Facts: React.FunctionComponent<{ readonly facts: readonly Fact[] }> = ({ facts }) => (
  <dl className="facts">
    {facts.map(({ name, value }) => (
      <div key={name}>
        <dt>{name}</dt>
        <dd>{value}</dd>
      </div>
    ))}
  </dl>
);
