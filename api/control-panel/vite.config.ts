import react from '@vitejs/plugin-react';
import { defineConfig } from 'vite';

export default defineConfig({
  // The API serves the panel there, on its own origin.
  base: '/panel/',
  plugins: [react({ jsxRuntime: 'classic' })],
  build: {
    // Fluent alone is 555 kB (165 kB gzipped); splitting it further only adds requests.
    chunkSizeWarningLimit: 700,
    target: 'es2022',
    // An icon as a data: address would need a wider content security policy.
    assetsInlineLimit: 0,
    rolldownOptions: {
      output: {
        // React and Fluent change with a release of theirs, our pages with ours: a browser keeps the big part.
        manualChunks: (id) => (/node_modules[\\/](react|react-dom|scheduler|@fluentui)[\\/]/.test(id) ? 'fluent' : undefined),
      },
    },
  },
  // `vite` alone serves the panel for development; the API it talks to runs beside it.
  server: { proxy: { '/api': process.env.CRM_SYNC_API ?? 'http://127.0.0.1:4500' } },
});
