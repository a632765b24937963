/** What the classic scripts of the form page leave on `window`. */

declare global {
  interface HostedControl {
    init(context: object, notifyOutputChanged: () => void, state: object): void;
    updateView(context: object): unknown;
    getOutputs?(): Record<string, unknown>;
    destroy(): void;
  }

  type HostedControlClass = new () => HostedControl;

  interface Window {
    React: unknown;
    Reactv16: unknown;
    ReactDOM: { render(element: unknown, container: Element): void; unmountComponentAtNode(container: Element): boolean };
    FluentUIReact: unknown;
    FluentUIReactv81211: unknown;
    FabricConfig: { fontBaseUrl: string; iconBaseUrl: string };
    ComponentFramework: { registerControl(name: string, control: HostedControlClass): void };
    registeredControls: Map<string, HostedControlClass>;
  }
}

/** As far as a form script for the control uses it. */
export interface FormContext {
  getControl(name: string): { addEventHandler(event: string, handler: (parameters: any) => void): void };
  readonly data: {
    getIsDirty(): boolean;
    refresh(save: boolean): Promise<void>;
    readonly entity: { readonly attributes: { get(): readonly { getName(): string; getIsDirty(): boolean }[] } };
  };
}
