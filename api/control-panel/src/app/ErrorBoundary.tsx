import * as React from 'react';
import { ProblemFace } from '../components/ProblemFace.tsx';
import { asProblem } from '../loading/useLoad.ts';

/** A bug in one page leaves the navigation alive. */
export class ErrorBoundary extends React.Component<{ readonly children?: React.ReactNode }, { readonly error?: unknown }> {
  override state: { readonly error?: unknown } = {};

  static getDerivedStateFromError(error: unknown): { readonly error: unknown } {
    return { error };
  }

  override render(): React.ReactNode {
    if (this.state.error === undefined) return this.props.children;
    return <ProblemFace isWholePage problem={asProblem(this.state.error)} onRetry={() => this.setState({ error: undefined })} />;
  }
}
