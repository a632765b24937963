/** Served as /crm.css. Follows the reader's light or dark setting; every pair of colours keeps 4.5 : 1. */
export const styleSheet = `
:root { color-scheme: light dark; --ink: #1f2933; --soft: #52606d; --paper: #fff; --ground: #f3f1ec; --line: #c9c4b8; --accent: #7a2e0e; --good: #14532d; --good-paper: #dcfce7; --warn: #7c2d12; --warn-paper: #ffedd5; }
@media (prefers-color-scheme: dark) { :root { --ink: #f1efe9; --soft: #b8b3a7; --paper: #26241f; --ground: #1a1916; --line: #57534a; --accent: #fdba74; --good: #bbf7d0; --good-paper: #14391f; --warn: #fed7aa; --warn-paper: #43200d; } }
* { box-sizing: border-box; }
body { margin: 0; background: var(--ground); color: var(--ink); font: 16px/1.5 system-ui, sans-serif; }
header { background: var(--paper); border-bottom: 3px solid var(--accent); padding: .75rem 1.25rem; display: flex; gap: 1.5rem; align-items: baseline; flex-wrap: wrap; }
header strong { font: 600 1.25rem Georgia, serif; }
main { max-width: 60rem; margin: 1.5rem auto; padding: 0 1.25rem; }
a { color: var(--accent); }
:focus-visible { outline: 3px solid var(--accent); outline-offset: 2px; }
h1 { font: 600 1.6rem Georgia, serif; margin: 0 0 .25rem; overflow-wrap: anywhere; }
h2 { font: 600 1.2rem Georgia, serif; margin: 0 0 .5rem; }
.soft { color: var(--soft); margin: 0 0 1rem; }
.card { background: var(--paper); border: 1px solid var(--line); border-radius: 8px; padding: 1.25rem; margin-bottom: 1.25rem; }
.columns { display: grid; gap: 1.25rem; grid-template-columns: repeat(auto-fit, minmax(20rem, 1fr)); }
.fields { display: grid; gap: .9rem; grid-template-columns: repeat(auto-fit, minmax(16rem, 1fr)); }
fieldset { border: 0; margin: 0; padding: 0; }
label { display: block; font-weight: 600; font-size: .875rem; margin-bottom: .2rem; }
input, textarea { width: 100%; font: inherit; color: inherit; background: transparent; border: 1px solid var(--soft); border-radius: 4px; padding: .4rem .55rem; }
button { font: inherit; font-weight: 600; border: 1px solid var(--accent); border-radius: 4px; padding: .45rem 1.1rem; background: var(--accent); color: var(--paper); cursor: pointer; }
button.quiet { background: transparent; color: var(--accent); }
.actions { display: flex; gap: .75rem; margin-top: 1.25rem; }
.note { border-radius: 6px; padding: .6rem .9rem; margin: 0 0 1rem; }
.note.good { background: var(--good-paper); color: var(--good); }
.note.warn { background: var(--warn-paper); color: var(--warn); }
ul { list-style: none; margin: 0; padding: 0; }
li { padding: .35rem 0; border-bottom: 1px solid var(--line); overflow-wrap: anywhere; }
li:last-child { border: 0; }
li span { color: var(--soft); font-size: .875rem; }
`;
