/**
 * Prints the control's own code, minified: without what the platform brings, and without the sign-in library, which the real bundle
 * cannot leave out. A program of its own, because the bundler's native part does not work inside of jest's modules.
 */
import { build } from 'vite';

const results = await build({
  configFile: false,
  logLevel: 'error',
  root: 'pcf-control',
  oxc: { jsx: { runtime: 'classic' } },
  build: {
    write: false,
    target: ['chrome109', 'safari16'],
    lib: { entry: 'SourceCrmSync/index.ts', formats: ['iife'], name: 'control' },
    rolldownOptions: { external: ['react', '@fluentui/react', '@azure/msal-browser'], output: { globals: (id) => id.replace(/\W/g, '') } },
  },
});
for (const result of Array.isArray(results) ? results : [results]) {
  if ('output' in result) for (const output of result.output) if (output.type === 'chunk') process.stdout.write(output.code);
}
