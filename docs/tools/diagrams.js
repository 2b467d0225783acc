// @ts-check
'use strict';
// Diagrams in the colours that the reader prefers; mermaid draws them when the page has loaded.
// @ts-ignore the script before this one defines it
window.mermaid.initialize({ theme: matchMedia('(prefers-color-scheme: dark)').matches ? 'dark' : 'neutral' });
