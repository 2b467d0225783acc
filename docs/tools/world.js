// @ts-check
'use strict';
// The servers that the pictures are taken of: a private PostgreSQL, the stand-ins of MongoDB, BigQuery and the API server, the operator, a Prometheus.
// All listen on 127.0.0.1, keep their files in one temporary folder, and end with this process or before.
const { spawn, execFileSync } = require('node:child_process');
const fs = require('node:fs');
const net = require('node:net');
const os = require('node:os');
const path = require('node:path');

const root = path.resolve(__dirname, '../..');
const sleep = ms => new Promise(resolve => setTimeout(resolve, ms));

class World {
  constructor() {
    this.postgres = 0;
    this.psql = '';
    this.folder = fs.mkdtempSync(path.join(os.tmpdir(), 'kollect-pictures-'));
    /** @type {import('node:child_process').ChildProcess[]} */
    this.processes = [];
  }

  at(name) {
    return path.join(this.folder, name);
  }

  async start() {
    await this.startPostgres();
    const mongoDb = await this.standIn('mongodb', []);
    const bigQuery = await this.standIn('bigquery', []);
    const api = await this.standIn('kubernetes', ['--crds', path.join(root, 'crds')]);
    this.bigQuery = `http://127.0.0.1:${bigQuery}`;
    this.api = `http://127.0.0.1:${api}`;
    await this.post(`${this.bigQuery}/stand-in/dataset`, JSON.stringify({ project: 'acme-data', dataset: 'inventory', location: 'EU' }));
    this.writeKubeconfig();
    const values = {
      postgres: `postgresql://kollect:${this.password}@127.0.0.1:${this.postgres}/postgres?sslmode=disable`,
      refusing: `postgresql://kollect:expired@127.0.0.1:${this.postgres}/postgres?sslmode=disable`,
      mongodb: `mongodb://127.0.0.1:${mongoDb}/?directConnection=true`,
    };
    const manifests = fs.readFileSync(path.join(__dirname, 'pictures.yaml'), 'utf8').replace(/\$\{(\w+)\}/g, (_, name) => values[name] ?? name);
    execFileSync('kubectl', ['--kubeconfig', this.at('kubeconfig'), '--cache-dir', this.at('cache'), 'apply', '-f', '-'], { input: manifests });
    await this.startOperator();
    await this.startPrometheus();
  }

  /** A cluster of PostgreSQL with the role kollect; PostgreSQL refuses to run as root. */
  async startPostgres() {
    const versions = fs.readdirSync('/usr/lib/postgresql').sort((a, b) => Number(b) - Number(a));
    const bin = path.join('/usr/lib/postgresql', versions[0], 'bin');
    const data = this.at('postgres');
    fs.mkdirSync(data);
    this.password = 'of-the-pictures';
    fs.writeFileSync(this.at('password'), this.password);
    const isRoot = process.getuid?.() === 0;
    if (isRoot) for (const it of [this.folder, data, this.at('password')]) execFileSync('chown', ['postgres', it]);
    const as = isRoot ? ['setpriv', '--reuid=postgres', '--regid=postgres', '--clear-groups'] : [];
    const run = (name, ...args) => [...as, path.join(bin, name), ...args];
    const [initdb, ...arguments_] = run(
      'initdb',
      '-D',
      data,
      '-U',
      'kollect',
      '-A',
      'scram-sha-256',
      `--pwfile=${this.at('password')}`,
      '-E',
      'UTF8',
      '--no-sync',
    );
    execFileSync(initdb, arguments_, { stdio: 'ignore', cwd: '/' });
    this.postgres = await freePort();
    this.spawn(...run('postgres', '-D', data, '-p', `${this.postgres}`, '-k', this.folder, '-c', 'listen_addresses=127.0.0.1', '-c', 'fsync=off'));
    await until('PostgreSQL', () => new Promise(resolve => net.connect(this.postgres, '127.0.0.1', () => resolve(true)).on('error', () => resolve(false))));
    await sleep(1_000);
    this.psql = path.join(bin, 'psql');
  }

  /** Runs statements as another client of the database. */
  sql(statements) {
    execFileSync(this.psql, ['-h', '127.0.0.1', '-p', `${this.postgres}`, '-U', 'kollect', '-d', 'postgres', '-qc', statements], {
      env: { ...process.env, PGPASSWORD: this.password },
    });
  }

  /** @returns {Promise<number>} its port */
  standIn(name, args) {
    const server = this.spawn('node', path.join(root, `tests/StandIns/${name}/server.js`), '--port', '0', ...args);
    return new Promise((resolve, reject) => {
      server.on('exit', code => reject(new Error(`the stand-in of ${name} ended with ${code}`)));
      server.stdout?.once('data', line => resolve(JSON.parse(line).port));
    });
  }

  writeKubeconfig() {
    const named = (key, value) => [{ name: 'pictures', [key]: value }];
    const config = {
      apiVersion: 'v1',
      kind: 'Config',
      'current-context': 'pictures',
      contexts: named('context', { cluster: 'pictures', user: 'pictures' }),
      clusters: named('cluster', { server: this.api }),
      users: named('user', {}),
    };
    fs.writeFileSync(this.at('kubeconfig'), JSON.stringify(config));
  }

  async startOperator() {
    const port = await freePort();
    this.operator = `http://127.0.0.1:${port}`;
    const options = [
      '--kubeconfig',
      this.at('kubeconfig'),
      '--http-port',
      `${port}`,
      '--webhook-port',
      '0',
      '--leader-election',
      'false',
      '--allow-loopback-sinks',
    ];
    const log = fs.openSync(this.at('operator.log'), 'w');
    this.spawn([path.join(root, 'bin/kollect'), 'operator', ...options], {
      stdio: ['ignore', log, log],
      env: { ...process.env, BIGQUERY_EMULATOR_HOST: this.bigQuery?.replace('http://', '') },
    });
    await until('the operator', () => isOk(`${this.operator}/readyz`));
  }

  /** Scrapes as the ServiceMonitor does, more often. */
  async startPrometheus() {
    const port = await freePort();
    this.prometheus = `http://127.0.0.1:${port}`;
    const config = {
      global: { scrape_interval: `${World.scrapeSeconds}s` },
      scrape_configs: [
        {
          job_name: 'kollect-metrics',
          static_configs: [
            { targets: [this.operator?.replace('http://', '')], labels: { namespace: 'kollect-system', pod: 'kollect-operator-7d9f6c5b8-x2x7q' } },
          ],
        },
      ],
    };
    fs.writeFileSync(this.at('prometheus.json'), JSON.stringify(config));
    this.spawn(
      'prometheus',
      `--config.file=${this.at('prometheus.json')}`,
      `--storage.tsdb.path=${this.at('prometheus')}`,
      `--web.listen-address=127.0.0.1:${port}`,
      '--log.level=warn',
    );
    await until('Prometheus', () => isOk(`${this.prometheus}/-/ready`));
  }

  /** Stores objects as they are; those of the same name are replaced. */
  load(objects) {
    return this.post(`${this.api}/stand-in/load`, objects.map(it => JSON.stringify(it)).join('\n'));
  }

  async post(url, body) {
    const answer = await fetch(url, { method: 'POST', body });
    if (!answer.ok) throw new Error(`${url}: ${await answer.text()}`);
  }

  /** @param {...any} command a command with its arguments, or these as an array and options */
  spawn(...command) {
    const [[name, ...args], options] = Array.isArray(command[0]) ? [command[0], command[1]] : [command, {}];
    const child = spawn(name, args, { stdio: ['ignore', 'pipe', 'inherit'], cwd: '/', ...options });
    child.stdout?.resume();
    this.processes.push(child);
    return child;
  }

  async stop() {
    for (const child of this.processes.reverse()) {
      if (child.exitCode !== null) continue;
      const ended = new Promise(resolve => child.once('exit', resolve));
      child.kill('SIGTERM');
      await Promise.race([ended, sleep(10_000)]);
    }
    fs.rmSync(this.folder, { recursive: true, force: true });
  }
}

World.scrapeSeconds = 5;

/** @returns {Promise<number>} */
function freePort() {
  return new Promise(resolve => {
    const server = net.createServer().listen(0, '127.0.0.1', () => {
      const { port } = /** @type {net.AddressInfo} */ (server.address());
      server.close(() => resolve(port));
    });
  });
}

const isOk = url =>
  fetch(url).then(
    it => it.ok,
    () => false,
  );

async function until(what, holds, seconds = 60) {
  for (let waited = 0; waited < seconds * 4; waited++) {
    if (await holds()) return;
    await sleep(250);
  }
  throw new Error(`${what} did not start within ${seconds} s`);
}

module.exports = { World, sleep, until };
