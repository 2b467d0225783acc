// @ts-check
'use strict';
// The pages of docs/ as a static site: node site.js FOLDER. Every page that they link comes with them, files of the repository as pages of their text, so that
// the site needs no server and no other site. What the folder held before is deleted.
const fs = require('node:fs');
const path = require('node:path');
const MarkdownIt = require('markdown-it');
/** @type {any} its types describe a module with a default */
const MiniSearch = require('minisearch');

const root = path.resolve(__dirname, '../..');
const roots = ['README.md', 'docs/README.md', 'CHANGELOG.md', 'CONTRIBUTING.md', 'SECURITY.md'];
const index = 'docs/README.md';

/** The text between tags. */
const escape = text => text.replace(/[&<>"]/g, it => ({ '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;' })[it] ?? it);

/** The anchor of a heading, as GitHub makes it. */
const slug = text =>
  text
    .toLowerCase()
    .replace(/[^\p{L}\p{N}\-_ ]/gu, '')
    .replaceAll(' ', '-');

/** Where a file or folder of the repository is in the site. */
const at = file => {
  if (file.endsWith('README.md')) return path.posix.join(path.posix.dirname(file), 'index.html');
  if (fs.statSync(path.join(root, file)).isDirectory()) return path.posix.join(file, 'index.html');
  return file.endsWith('.md') ? file.replace(/md$/, 'html') : /\.(png|svg|jpg)$/.test(file) ? file : `${file}.html`;
};

/** From one place of the site to another. */
const between = (from, to) => path.posix.relative(path.posix.dirname(from), to) || path.posix.basename(to);

class Site {
  constructor() {
    /** @type {Map<string, { title: string, body: string, diagrams?: boolean }>} path in the repository -> page */
    this.pages = new Map();
    /** Files that are copied as they are: pictures. */
    this.copies = new Set();
    this.sections = [];
    this.markdown = new MarkdownIt({ html: true, linkify: false });
    const plain = this.markdown.renderer.rules.fence;
    this.markdown.renderer.rules.fence = (tokens, i, ...rest) =>
      tokens[i].info.trim() === 'mermaid' ? `<pre class="mermaid">${escape(tokens[i].content)}</pre>\n` : plain(tokens, i, ...rest);
    this.markdown.renderer.rules.table_open = () => '<div class="wide"><table>\n';
    this.markdown.renderer.rules.table_close = () => '</table></div>\n';
  }

  /** Adds a file or folder and all that it links. */
  add(file) {
    if (this.pages.has(file) || this.copies.has(file)) return;
    const full = path.join(root, file);
    if (fs.statSync(full).isDirectory()) this.addFolder(file);
    else if (file.endsWith('.md')) this.addMarkdown(file);
    else if (at(file) === file) this.copies.add(file);
    else this.pages.set(file, { title: file, body: `<h1>${escape(file)}</h1>\n<pre><code>${escape(fs.readFileSync(full, 'utf8'))}</code></pre>\n` });
  }

  addFolder(folder) {
    const files = fs.readdirSync(path.join(root, folder)).map(it => path.posix.join(folder, it));
    const items = files.map(it => `<li><a href="${between(at(folder), at(it))}">${escape(path.basename(it))}</a>\n`);
    this.pages.set(folder, { title: folder, body: `<h1>${escape(folder)}</h1>\n<ul>\n${items.join('')}</ul>\n` });
    files.forEach(it => this.add(it));
  }

  addMarkdown(file) {
    const tokens = this.markdown.parse(fs.readFileSync(path.join(root, file), 'utf8'), {});
    const title = this.anchorHeadings(file, tokens);
    const linked = this.turnLinks(file, tokens);
    const body = this.markdown.renderer.render(tokens, this.markdown.options, {});
    this.pages.set(file, { title, body, diagrams: body.includes('class="mermaid"') });
    linked.forEach(it => this.add(it));
  }

  /** Gives every heading its anchor, notes the sections for the search, and answers the first heading. */
  anchorHeadings(file, tokens) {
    const seen = new Map();
    let section;
    let title = file;
    tokens.forEach((token, i) => {
      if (token.type === 'heading_open') {
        const heading = textOf(tokens[i + 1]);
        const base = slug(heading);
        const times = seen.get(base) ?? 0;
        seen.set(base, times + 1);
        const anchor = times === 0 ? base : `${base}-${times}`;
        token.attrSet('id', anchor);
        if (token.tag === 'h1') title = heading;
        section = { id: this.sections.length, url: `${at(file)}#${anchor}`, page: title, heading, text: '' };
        this.sections.push(section);
      } else if (section !== undefined && token.type === 'inline' && tokens[i - 1].type !== 'heading_open') section.text += `${textOf(token)} `;
      else if (section !== undefined && token.type === 'fence') section.text += `${token.content} `;
    });
    return title;
  }

  /** Leads each relative link to its place in the site; answers the files that are linked. */
  turnLinks(file, tokens) {
    const linked = [];
    for (const token of tokens.flatMap(it => it.children ?? []))
      for (const name of ['href', 'src']) {
        const link = token.attrGet(name);
        if (typeof link !== 'string' || /^[a-z]+:/.test(link)) continue;
        const [target, anchor] = decodeURI(link).split('#');
        const to = target === '' ? file : path.posix.join(path.posix.dirname(file), target).replace(/\/$/, '');
        if (!fs.existsSync(path.join(root, to))) throw new Error(`${file}: ${link} leads nowhere`);
        linked.push(to);
        token.attrSet(name, between(at(file), at(to)) + (anchor === undefined ? '' : `#${anchor}`));
      }
    return linked;
  }

  /** The index as the contents beside every page. @returns {{ heading: string, links: { file: string, text: string }[] }[]} */
  contents() {
    const groups = [];
    const tokens = this.markdown.parse(fs.readFileSync(path.join(root, index), 'utf8'), {});
    tokens.forEach((token, i) => {
      if (token.type === 'heading_open' && token.tag === 'h2') groups.push({ heading: textOf(tokens[i + 1]), links: [] });
      else if (token.type === 'inline' && tokens[i - 1].type !== 'heading_open')
        for (const [at, child] of (token.children ?? []).entries()) {
          const target = child.type === 'link_open' ? String(child.attrGet('href')) : '';
          // The text of a link is one token.
          const text = token.children?.[at + 1]?.content ?? '';
          if (target.endsWith('.md'))
            groups.at(-1)?.links.push({ file: path.posix.join(path.posix.dirname(index), target), text: text[0].toUpperCase() + text.slice(1) });
        }
    });
    return groups;
  }

  write(folder) {
    const contents = this.contents();
    for (const [file, page] of this.pages) put(path.join(folder, at(file)), this.html(file, page, contents));
    for (const file of this.copies) put(path.join(folder, file), fs.readFileSync(path.join(root, file)));
    const search = new MiniSearch({ fields: ['page', 'heading', 'text'], storeFields: ['url', 'page', 'heading'] });
    search.addAll(this.sections);
    // As a script, since a page that is opened as a file may read no other file.
    put(path.join(folder, 'assets/index.js'), `window.searchIndex = ${JSON.stringify(JSON.stringify(search))};\n`);
    for (const name of ['site.css', 'search.js', 'diagrams.js']) put(path.join(folder, 'assets', name), fs.readFileSync(path.join(__dirname, name)));
    for (const name of ['minisearch/dist/umd/index.js', '@mermaid-js/tiny/dist/mermaid.tiny.js'])
      put(path.join(folder, 'assets', name), fs.readFileSync(require.resolve(path.join(__dirname, 'node_modules', name))));
  }

  /** @param {string} file @param {{ title: string, body: string, diagrams?: boolean }} page @param {ReturnType<Site['contents']>} contents */
  html(file, { title, body, diagrams }, contents) {
    const to = target => between(at(file), target);
    const groups = contents.map(({ heading, links }) => {
      const items = links.map(it => `<li><a href="${to(at(it.file))}"${it.file === file ? ' aria-current="page"' : ''}>${escape(it.text)}</a>\n`);
      return `<details${links.some(it => it.file === file) || file === index ? ' open' : ''}><summary>${escape(heading)}</summary><ul>\n${items.join('')}</ul></details>\n`;
    });
    const script = name => `<script src="${to(`assets/${name}`)}" defer></script>\n`;
    return `<!DOCTYPE html>
<html lang="en">
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>${escape(title)} – Kollect.Core</title>
<link rel="icon" href="${to('docs/images/icon.png')}">
<link rel="stylesheet" href="${to('assets/site.css')}">
${script('minisearch/dist/umd/index.js')}${script('index.js')}${script('search.js')}${diagrams ? script('@mermaid-js/tiny/dist/mermaid.tiny.js') + script('diagrams.js') : ''}<body data-root="${to('index.html').replace(/index\.html$/, '')}">
<nav>
<a class="home" href="${to('index.html')}">Kollect.Core</a>
<input type="search" placeholder="Search" aria-label="Search" autocomplete="off">
<ol id="found"></ol>
<a href="${to(at(index))}">All pages</a>
${groups.join('')}</nav>
<main>
${body}</main>
</html>
`;
  }
}

/** The text of a heading or paragraph, without its marks. */
const textOf = token =>
  (token.children ?? []).map(it => (it.type === 'text' || it.type === 'code_inline' ? it.content : it.type === 'softbreak' ? ' ' : '')).join('');

function put(file, content) {
  fs.mkdirSync(path.dirname(file), { recursive: true });
  fs.writeFileSync(file, content);
}

const [folder] = process.argv.slice(2);
const site = new Site();
roots.forEach(it => site.add(it));
site.add('docs/images/icon.png');
fs.rmSync(folder, { recursive: true, force: true });
site.write(folder);
process.stdout.write(`${site.pages.size} pages in ${path.relative('.', folder)}/index.html\n`);
