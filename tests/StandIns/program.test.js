// @ts-check
'use strict';
// Every program ends where a package that it needs is missing, with one line that names it. Run: node --test
const { describe, it, before, after } = require('node:test');
const assert = require('node:assert/strict');
const { spawnSync } = require('node:child_process');
const fs = require('node:fs');
const os = require('node:os');
const path = require('node:path');
const { dependencies } = require('./package.json');

/** Program -> the packages of package.json that it loads. */
const NEEDED = {
  'kubernetes/server.js': ['yaml', '@marcbachmann/cel-js'],
  'mongodb/server.js': ['bson'],
  'mongodb/admin.js': ['mongodb'],
  'mongodb/dump.js': ['mongodb'],
  'mongodb/load.js': ['mongodb'],
  'mongodb/rows.js': ['mongodb'],
  'mongodb/decode.js': ['bson'],
  'browser/look.js': ['playwright-core'],
  'bigquery/server.js': ['@duckdb/node-api', 'sql-parser-cst'],
  'bigquery/admin.js': ['@google-cloud/bigquery'],
  'bigquery/dump.js': ['@google-cloud/bigquery'],
  'bigquery/load.js': ['@google-cloud/bigquery'],
};

describe('a program without one of its packages', () => {
  let folder = '';
  before(() => {
    folder = fs.mkdtempSync(path.join(os.tmpdir(), 'stand-ins-'));
    fs.cpSync(__dirname, folder, { recursive: true, filter: file => path.basename(file) !== 'node_modules' });
  });
  after(() => fs.rmSync(folder, { recursive: true }));

  /** Installs all packages but one: links to those that are installed here. */
  const installAllBut = missing => {
    fs.rmSync(path.join(folder, 'node_modules'), { recursive: true, force: true });
    for (const name of Object.keys(dependencies).filter(it => it !== missing)) {
      const link = path.join(folder, 'node_modules', name);
      fs.mkdirSync(path.dirname(link), { recursive: true });
      fs.symlinkSync(path.join(__dirname, 'node_modules', name), link, 'dir');
    }
  };

  for (const [program, packages] of Object.entries(NEEDED))
    for (const missing of packages)
      it(`${program} ends without ${missing}`, () => {
        installAllBut(missing);
        const { status, stdout, stderr } = spawnSync(process.execPath, [path.join(folder, program), '--port', '0', '--with-parent'], {
          encoding: 'utf8',
          input: '',
        });
        assert.deepEqual([status, stdout, stderr], [2, '', `the npm package ${missing} is missing: run \`npm install\` in tests/StandIns\n`]);
      });

  it('is tried with every package', () => {
    assert.deepEqual([...new Set(Object.values(NEEDED).flat())].sort(), Object.keys(dependencies).sort());
  });
});
