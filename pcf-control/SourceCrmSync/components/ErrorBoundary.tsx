import * as React from 'react';

export interface ErrorBoundaryProps {
  /** What to show instead; `reset` draws the children again. */
  readonly fallback: (reset: () => void) => React.ReactNode;
}

interface ErrorBoundaryState {
  readonly hasFailed: boolean;
}

/** Keeps a mistake of ours in our own box: in a virtual control it would otherwise take the host's form down with it. */
export class ErrorBoundary extends React.Component<ErrorBoundaryProps, ErrorBoundaryState> {
  override state: ErrorBoundaryState = { hasFailed: false };

  static getDerivedStateFromError(): ErrorBoundaryState {
    return { hasFailed: true };
  }

  readonly reset = (): void => this.setState({ hasFailed: false });

  override render(): React.ReactNode {
    return this.state.hasFailed ? this.props.fallback(this.reset) : this.props.children;
  }
}
