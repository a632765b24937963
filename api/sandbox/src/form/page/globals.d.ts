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
    /** The form script of the solution (solution/src/web-resources/form-events.ts). */
    CrmSync: { onLoad(executionContext: { getFormContext(): object }): void };
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

export {};
