// @ts-check
/// <reference lib="dom" />
/// <reference lib="dom.iterable" />
'use strict';
// What a person sees of pages: one headless Chromium, driven by lines of JSON. Ends with its standard input.
//   node look.js [/usr/bin/chromium]
// A line: {"url", "width": 1280, "scheme": "light"|"dark", "loads": 1}; the page is looked at when it has been loaded so often, by itself beyond the first
// time. All but the URL may be absent. It is answered by a line: see `sight`, or {"error"}.
const readline = require('node:readline');
const { needed } = require('../program');
const { chromium } = needed(() => require('playwright-core'));

/** Looks at a page, and says all that a person could notice. */
async function look(browser, { url, width = 1280, scheme = 'light', loads = 1 }) {
  const context = await browser.newContext({ viewport: { width, height: 800 }, colorScheme: scheme });
  try {
    const page = await context.newPage();
    /** @type {string[][]} */
    const [complaints, dialogs, requests] = [[], [], []];
    page.on('console', message => ['error', 'warning'].includes(message.type()) && complaints.push(message.text()));
    page.on('pageerror', error => complaints.push(error.message));
    page.on('dialog', dialog => (dialogs.push(dialog.message()), dialog.dismiss()));
    page.on('request', request => requests.push(request.url()));
    await page.goto(url);
    for (let loaded = 1; loaded < loads; loaded++) await page.waitForEvent('load');
    return { ...(await page.evaluate(sight)), complaints, dialogs, requests };
  } finally {
    await context.close();
  }
}

/** Runs in the page. */
function sight() {
  const parts = colour => colour.match(/[\d.]+/g).map(Number);
  /** WCAG 2.2, relative luminance. */
  const luminance = colour => {
    const [r, g, b] = parts(colour)
      .slice(0, 3)
      .map(it => it / 255)
      .map(it => (it <= 0.04045 ? it / 12.92 : ((it + 0.055) / 1.055) ** 2.4));
    return 0.2126 * r + 0.7152 * g + 0.0722 * b;
  };
  const ground = element => {
    for (let at = element; at !== null; at = at.parentElement) {
      const colour = getComputedStyle(at).backgroundColor;
      if ((parts(colour)[3] ?? 1) === 1) return colour;
    }
    return matchMedia('(prefers-color-scheme: dark)').matches ? 'rgb(18, 18, 18)' : 'rgb(255, 255, 255)';
  };
  const contrast = element => {
    const [light, dark] = [getComputedStyle(element).color, ground(element)].map(luminance).sort((a, b) => b - a);
    return (light + 0.05) / (dark + 0.05);
  };
  const all = [...document.body.querySelectorAll('*')];
  const withText = all.filter(it => it.getClientRects().length > 0 && [...it.childNodes].some(node => node.nodeType === 3 && node.textContent?.trim() !== ''));
  const palest = withText.map(it => ({ text: it.textContent.trim(), contrast: contrast(it) })).sort((a, b) => a.contrast - b.contrast)[0];
  return {
    title: document.title,
    text: document.body.innerText,
    /** Every row of every table, as the texts of its cells. */
    rows: [...document.querySelectorAll('tr')].map(row => [...row.cells].map(cell => cell.innerText.replace(/\n+/g, '\n'))),
    tags: [...new Set(all.map(it => it.localName))].sort(),
    /** Texts that reach beyond the right edge of the window, or of what holds them. */
    cutOff: all
      .filter(it => it.getBoundingClientRect().right > innerWidth + 0.5 || (it.scrollWidth > it.clientWidth + 1 && getComputedStyle(it).display !== 'inline'))
      .map(it => `${it.localName}: ${it.textContent.trim()}`),
    /** The least contrast of a text to its ground (WCAG: 4.5 is enough for every size), and the text; absent without a text. */
    palest,
  };
}

async function main() {
  const [executablePath = '/usr/bin/chromium'] = process.argv.slice(2);
  // As root there is no sandbox; the pages are those of the tests.
  const browser = await chromium.launch({ executablePath, args: ['--no-sandbox'] });
  for await (const line of readline.createInterface({ input: process.stdin })) {
    const answer = await look(browser, JSON.parse(line)).catch(error => ({ error: error.message }));
    process.stdout.write(`${JSON.stringify(answer)}\n`);
  }
  await browser.close();
}

main();
