import { configure, render } from '@testing-library/react';
import { SourceCrmSync } from '../../../pcf-control/SourceCrmSync/index';
import { type MockHost, mockContext } from './mock-context';

// Real requests on a busy machine: the usual second is for components alone.
configure({ asyncUtilTimeout: 10_000 });

/** Runs the control through its life as a host does: init, updateView, drawn; `update` is the host's next updateView. */
export const mountControl = (host: MockHost) => {
  const control = new SourceCrmSync();
  const first = mockContext(host);
  control.init(first.context);
  const { rerender, unmount, container } = render(control.updateView(first.context));
  return {
    control,
    container,
    openUrl: first.openUrl,
    update: (changes: MockHost) => rerender(control.updateView(mockContext({ ...host, ...changes }).context)),
    leave: () => {
      unmount();
      control.destroy();
    },
  };
};
