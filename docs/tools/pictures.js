// @ts-check
'use strict';
// Takes the pictures of docs/images: the status page and the dashboard of an operator that runs for some minutes beside changing objects, a failing
// destination and short faults. node pictures.js [MINUTES]; ends with 1 where a query of the dashboard has no answer.
const { execFileSync } = require('node:child_process');
const fs = require('node:fs');
const path = require('node:path');
const { createRequire } = require('node:module');
const { World, sleep, until } = require('./world');
const { ask, html, WIDTH } = require('./dashboard');

const root = path.resolve(__dirname, '../..');
const images = path.join(root, 'docs/images');
const { chromium } = createRequire(path.join(root, 'tests/StandIns/package.json'))('playwright-core');

/** Deployments and Services by namespace. */
const CROWD = { payments: 60, platform: 140, shop: 406 };

const deployment = (namespace, number, replicas) => ({
  apiVersion: 'apps/v1',
  kind: 'Deployment',
  metadata: { namespace, name: `app-${number}`, labels: { app: `app-${number}` } },
  spec: { replicas, template: { spec: { containers: [{ name: 'app', image: `registry.example.org/${namespace}/app-${number}:1.${replicas}` }] } } },
});

const service = (namespace, number) => ({ apiVersion: 'v1', kind: 'Service', metadata: { namespace, name: `app-${number}` }, spec: { ports: [{ port: 80 }] } });

/** Changes some objects every second, as rollouts do: in waves. */
async function churn(world, seconds) {
  const numbers = Object.entries(CROWD).flatMap(([namespace, count]) => Array.from({ length: count }, (_, number) => ({ namespace, number })));
  for (let second = 0; second < seconds; second++) {
    const changed = Math.round(4 + 4 * Math.sin(second / 14) + (second % 60 < 6 ? 25 : 0));
    const chosen = Array.from({ length: changed }, (_, i) => numbers[(second * 17 + i * 31) % numbers.length]);
    await world.load(chosen.map(({ namespace, number }) => deployment(namespace, number, 1 + ((second + number) % 9)))).catch(() => undefined);
    await sleep(1_000);
  }
}

/** What goes wrong in the meantime, at parts of the whole time. */
async function faults(world, seconds) {
  await sleep(seconds * 300);
  await world.post(
    `${world.bigQuery}/stand-in/faults`,
    JSON.stringify({ on: 'jobs.insert', times: 12, status: 503, reason: 'backendError', message: 'try again' }),
  );
  await sleep(seconds * 200);
  world.sql('DELETE FROM kollect_exports');
  await sleep(seconds * 200);
  await world.post(`${world.api}/stand-in/outage`, JSON.stringify({ ms: 12_000 }));
  await sleep(seconds * 300);
}

async function main() {
  const seconds = 60 * Number(process.argv[2] ?? 6);
  const world = new World();
  process.on('SIGINT', () => world.stop().then(() => process.exit(130)));
  try {
    await world.start();
    for (const [namespace, count] of Object.entries(CROWD))
      await world.load(Array.from({ length: count }, (_, i) => [deployment(namespace, i, 2), ...(i % 3 === 0 ? [service(namespace, i)] : [])]).flat());
    const from = Math.floor(Date.now() / 1000);
    await Promise.all([churn(world, seconds), faults(world, seconds)]);
    const range = { prometheus: world.prometheus ?? '', from, to: Math.floor(Date.now() / 1000), scrapeSeconds: World.scrapeSeconds };
    await until('what exports', async () => (await (await fetch(`${world.operator}/`)).text()).includes('2 of 3 inventories ready'));
    const dashboard = JSON.parse(fs.readFileSync(path.join(root, 'Shell/Host/deploy/monitoring/kollect.json'), 'utf8'));
    const { panels, empty } = await ask(dashboard, range);
    fs.writeFileSync(world.at('dashboard.html'), html(dashboard, panels, range));
    const fonts = world.at('fonts.conf');
    fs.writeFileSync(
      fonts,
      `<fontconfig><include>/etc/fonts/fonts.conf</include>${['system-ui', 'sans-serif'].map(family => `<match><test name="family"><string>${family}</string></test><edit name="family" mode="prepend" binding="strong"><string>Inter</string></edit></match>`).join('')}</fontconfig>`,
    );
    const browser = await chromium.launch({ executablePath: '/usr/bin/chromium', args: ['--no-sandbox'], env: { ...process.env, FONTCONFIG_FILE: fonts } });
    try {
      await take(browser, `${world.operator}/`, 'status-page.png', 1080);
      await take(browser, `file://${world.at('dashboard.html')}`, 'dashboard.png', WIDTH);
    } finally {
      await browser.close();
    }
    if (empty.length > 0) throw new Error(`queries without an answer:\n${empty.join('\n')}`);
  } finally {
    await world.stop();
  }
}

async function take(browser, url, name, width) {
  const page = await browser.newPage({ viewport: { width, height: 300 } });
  await page.goto(url);
  const file = path.join(images, name);
  await page.screenshot({ path: file, fullPage: true });
  await page.close();
  // 256 colours are enough for what has so few, and a third of the size.
  execFileSync('pngquant', ['--force', '--strip', '--output', file, file]);
  process.stdout.write(`${path.relative(root, file)}: ${Math.round(fs.statSync(file).size / 1000)} kB\n`);
}

main().catch(error => {
  process.stderr.write(`${error.message}\n`);
  process.exitCode = 1;
});
