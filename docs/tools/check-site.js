// @ts-check
'use strict';
// Whether each link of a built site leads to a file of it and to an anchor there: node check-site.js FOLDER. Names those that do not, and then ends with 1.
const fs = require('node:fs');
const path = require('node:path');

const [folder] = process.argv.slice(2);
const files = fs.readdirSync(folder, { recursive: true, encoding: 'utf8' }).filter(it => it.endsWith('.html'));
const html = new Map(files.map(it => [it, fs.readFileSync(path.join(folder, it), 'utf8')]));
const anchors = new Map([...html].map(([file, text]) => [file, new Set([...text.matchAll(/ id="([^"]+)"/g)].map(it => it[1]))]));

let links = 0;
const broken = [];
for (const [file, text] of html)
  for (const [, link] of text.matchAll(/ (?:href|src)="([^"]*)"/g)) {
    if (/^[a-z]+:/.test(link)) continue;
    links++;
    const [target, anchor] = decodeURI(link).split('#');
    const to = target === '' ? file : path.posix.join(path.posix.dirname(file), target);
    const isThere = fs.statSync(path.join(folder, to), { throwIfNoEntry: false })?.isFile();
    if (!isThere || (anchor !== undefined && !anchors.get(to)?.has(anchor))) broken.push(`${file}: ${link}`);
  }
process.stdout.write(`${broken.map(it => `${it} leads nowhere\n`).join('')}${links} links on ${html.size} pages, ${broken.length} broken\n`);
process.exitCode = broken.length === 0 && links > 0 ? 0 : 1;
