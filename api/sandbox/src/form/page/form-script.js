/**
 * What a form script does for the control, written against the form's own client API alone (`formContext`).
 * @param {{ formContext: import('./globals').FormContext, controlName: string }} options
 */
export const attachFormScript = ({ formContext, controlName }) => {
  const control = formContext.getControl(controlName);
  control.addEventHandler('onBeforeSync', ({ reportUnsavedColumns }) =>
    reportUnsavedColumns(
      formContext.data.entity.attributes
        .get()
        .filter((column) => column.getIsDirty())
        .map((column) => column.getName()),
    ),
  );
  // A refresh would throw away what the agent has typed: the card shows the new values, the form keeps the old until it is saved.
  control.addEventHandler('onSyncCompleted', () => {
    if (!formContext.data.getIsDirty()) void formContext.data.refresh(false);
  });
};
