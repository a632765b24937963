// What a control's bundle expects of its host: the platform's libraries by their versioned names, and a place to register.
window.Reactv16 = window.React;
window.FluentUIReactv81211 = window.FluentUIReact;
window.registeredControls = new Map();
window.ComponentFramework = {
  registerControl(name, control) {
    window.registeredControls.set(name, control);
  },
};
