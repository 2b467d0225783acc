// @ts-check
'use strict';
// The official client does against the stand-in what it does against BigQuery. Run: node --test
const { describe, it, before, after } = require('node:test');
const assert = require('node:assert/strict');
const { spawn } = require('node:child_process');
const { once } = require('node:events');
const fs = require('node:fs');
const os = require('node:os');
const path = require('node:path');
const zlib = require('node:zlib');
const { connect } = require('./client');

const PROJECT = 'acme-prod';
const FIELDS = [
  { name: 'scope', type: 'STRING', mode: 'REQUIRED' },
  { name: 'id', type: 'STRING', mode: 'REQUIRED' },
  { name: 'payload', type: 'JSON', mode: 'REQUIRED' },
  { name: 'seen', type: 'TIMESTAMP', mode: 'REQUIRED' },
];
const MERGE = `
  MERGE \`${PROJECT}\`.\`mirror\`.\`rows\` AS t
  USING (SELECT r.id, PARSE_JSON(r.payload, wide_number_mode=>'round') AS payload, position FROM UNNEST(@rows) AS r WITH OFFSET AS position) AS s
  ON t.scope = @scope AND t.id = s.id
  WHEN MATCHED AND TO_JSON_STRING(t.payload) != TO_JSON_STRING(s.payload) THEN UPDATE SET payload = s.payload, seen = @seen
  WHEN NOT MATCHED BY TARGET THEN INSERT (scope, id, payload, seen) VALUES (@scope, s.id, s.payload, @seen)
  WHEN NOT MATCHED BY SOURCE AND t.scope = @scope AND t.seen <= @seen THEN DELETE; -- @nothing`;
const HOSTILE = `'"\\\n\t\`@rows\`; DROP TABLE x; -- 😀\u2028é`;

/** A server of its own for a group of tests. */
class Running {
  /** @param {import('node:child_process').ChildProcessByStdio<import('node:stream').Writable, any, null>} child @param {string} address */
  constructor(child, address) {
    this.child = child;
    this.address = address;
    this.client = connect(address, PROJECT);
  }

  static async start(...args) {
    const child = spawn(process.execPath, [path.join(__dirname, 'server.js'), '--port', '0', '--with-parent', ...args], { stdio: ['pipe', 'pipe', 'inherit'] });
    const [line] = await once(child.stdout, 'data');
    const running = new Running(child, `http://127.0.0.1:${JSON.parse(line).port}`);
    await running.control('POST', 'dataset', { project: PROJECT, dataset: 'mirror', location: 'EU' });
    return running;
  }

  /** @param {string} method @param {string} name @param {object} [body] @returns {Promise<any>} */
  async control(method, name, body) {
    return (await fetch(`${this.address}/stand-in/${name}`, { method, body: body && JSON.stringify(body) })).json();
  }

  async log(resource) {
    return (await this.control('GET', 'log')).filter(it => it.resource === resource);
  }

  /** A request that the official client has no call for. */
  async rest(method, where, body, headers = {}) {
    const response = await fetch(`${this.address}${where}`, {
      method,
      headers,
      body: typeof body === 'object' && !Buffer.isBuffer(body) ? JSON.stringify(body) : body,
    });
    const text = await response.text();
    return { status: response.status, headers: response.headers, body: text && JSON.parse(text) };
  }

  async table(id, fields = FIELDS) {
    const [table] = await this.client.dataset('mirror').createTable(id, { schema: { fields } });
    return table;
  }

  /** The MERGE above on a table; @returns its statistics. */
  async merge(table, rows, { scope = 'a', seen = '2026-01-01T00:00:00.123456Z', ...more } = {}) {
    const [job] = await this.client.createQueryJob({
      query: MERGE.replace('`rows`', `\`${table}\``),
      params: { rows, scope, seen: this.client.timestamp(seen) },
      types: { rows: [{ id: 'STRING', payload: 'STRING' }], scope: 'STRING', seen: 'TIMESTAMP' },
      ...more,
    });
    await done(job);
    return (await job.getMetadata())[0].statistics.query.dmlStats;
  }

  async rows(table) {
    const [rows] = await this.client.query(`SELECT scope, id, TO_JSON_STRING(payload) AS payload, seen FROM mirror.${table} ORDER BY scope, id`);
    return rows.map(it => [it.scope, it.id, it.payload, it.seen.value]);
  }

  async stop() {
    const gone = once(this.child, 'exit');
    this.child.stdin.end();
    await gone;
  }
}

const done = async job => (await job.promise?.()) ?? once(job, 'complete');
const stats = (insertedRowCount, updatedRowCount, deletedRowCount) => ({ insertedRowCount, updatedRowCount, deletedRowCount });

/** For assert.rejects: an error of that HTTP status (or of a job), reason and words. */
const says = (reason, pattern, code) => error => {
  assert.equal(error.errors?.[0]?.reason, reason, error.stack);
  assert.match(error.message, pattern);
  if (code !== undefined) assert.equal(error.code, code);
  return true;
};

describe('the official client', () => {
  let server;
  let client;
  before(async () => {
    server = await Running.start();
    client = server.client;
  });
  after(() => server.stop());

  it('makes, finds and removes a dataset', async () => {
    await client.createDataset('other', { location: 'US', labels: { team: 'a' } });
    const [{ location, labels }] = await client.dataset('other').getMetadata();
    assert.deepEqual([location, labels], ['US', { team: 'a' }]);
    await assert.rejects(client.createDataset('other'), says('duplicate', /Already Exists: Dataset acme-prod:other/, 409));
    await client.dataset('other').delete();
    await assert.rejects(client.dataset('other').get(), says('notFound', /Not found: Dataset acme-prod:other/, 404));
  });

  it('makes, finds, changes and removes a table', async () => {
    const [table] = await client.dataset('mirror').createTable('made', {
      schema: { fields: FIELDS },
      timePartitioning: { type: 'DAY', field: 'seen' },
      clustering: { fields: ['scope', 'id'] },
      labels: { a: 'b' },
    });
    const [metadata] = await table.getMetadata();
    assert.deepEqual(
      [metadata.location, metadata.numRows, metadata.timePartitioning, metadata.schema.fields],
      ['EU', '0', { type: 'DAY', field: 'seen' }, FIELDS],
    );
    await assert.rejects(server.table('made'), says('duplicate', /Already Exists: Table acme-prod:mirror.made/, 409));
    await table.setMetadata({ expirationTime: String(Date.now() + 3_600_000) });
    assert.ok((await table.exists())[0]);
    await table.setMetadata({ expirationTime: String(Date.now() - 1) });
    assert.deepEqual(await table.exists(), [false]);
    await (await server.table('made')).delete();
    await assert.rejects(table.get(), says('notFound', /Not found: Table acme-prod:mirror.made/, 404));
    await assert.rejects(
      client.dataset('mirror').createTable('bad', { schema: { fields: FIELDS }, clustering: { fields: ['payload'] } }),
      says('invalid', /clustering/, 400),
    );
  });

  // https://cloud.google.com/bigquery/docs/reference/rest/v2/datasets, defaultPartitionExpirationMs and defaultTableExpirationMs
  it('gives a table what its dataset says, and deletes the rows of expired partitions', async () => {
    const day = 86_400_000;
    await client.createDataset('brief', {
      defaultPartitionExpirationMs: String(60 * day),
      defaultTableExpirationMs: String(90 * day),
      defaultCollation: 'und:ci',
    });
    const timePartitioning = { type: 'DAY', field: 'seen' };
    const [parted] = await client.dataset('brief').createTable('parted', { schema: { fields: FIELDS }, timePartitioning });
    const [{ timePartitioning: made, expirationTime, schema }] = await parted.getMetadata();
    assert.deepEqual([made, expirationTime], [{ expirationMs: String(60 * day), ...timePartitioning }, undefined]);
    assert.deepEqual(
      schema.fields.map(it => it.collation),
      ['und:ci', 'und:ci', undefined, undefined],
    );
    const [plain] = await client.dataset('brief').createTable('plain', { schema: { fields: FIELDS } });
    assert.ok(Number((await plain.getMetadata())[0].expirationTime) > Date.now() + 89 * day);

    const insert = seen => ({
      query: "INSERT brief.parted (scope, id, payload, seen) VALUES ('s', @id, JSON '{}', @seen)",
      params: { id: seen, seen: client.timestamp(new Date(Date.now() - Number(seen) * day)) },
      location: 'US',
    });
    await client.query(insert('61'));
    await client.query(insert('59'));
    const [rows] = await client.query({ query: 'SELECT id FROM brief.parted', location: 'US' });
    assert.deepEqual(rows, [{ id: '59' }]);
    await client.dataset('brief').delete({ force: true });
  });

  it('tells tables from views and the like', async () => {
    for (const [type, resource] of Object.entries({
      VIEW: { view: { query: 'SELECT 1' } },
      MATERIALIZED_VIEW: { materializedView: { query: 'SELECT 1' } },
      EXTERNAL: { externalDataConfiguration: { sourceFormat: 'CSV' } },
      TABLE: {},
    })) {
      const [made] = await client.dataset('mirror').createTable(`is_${type}`, { schema: { fields: FIELDS }, ...resource });
      assert.equal((await made.getMetadata())[0].type, type);
      await made.delete();
    }
  });

  it('reads every type that it can bind', async () => {
    const [rows] = await client.query({
      query: `SELECT @s AS s, @i AS i, @f AS f, @b AS b, @t AS t, @d AS d, @y AS y, TO_JSON_STRING(@j) AS j, @st AS st,
        ARRAY(SELECT x + 1 FROM UNNEST(@a) AS x ORDER BY x DESC) AS a, CAST(NULL AS STRING) AS n`,
      params: {
        s: HOSTILE,
        i: client.int('9223372036854775807'),
        f: 1.5,
        b: true,
        t: client.timestamp('2026-01-02T03:04:05.678901Z'),
        d: client.date('2026-02-03'),
        y: Buffer.from([0, 255]).toString('base64'),
        j: '{"b":18446744073709551615,"a":[1.0,null]}',
        st: { x: 1, y: 'z' },
        a: [1, 2],
      },
      types: {
        s: 'STRING',
        i: 'INT64',
        f: 'FLOAT64',
        b: 'BOOL',
        t: 'TIMESTAMP',
        d: 'DATE',
        y: 'BYTES',
        j: 'JSON',
        st: { x: 'INT64', y: 'STRING' },
        a: ['INT64'],
      },
      wrapIntegers: true,
    });
    const { i, t, d, y, st, a, ...rest } = rows[0];
    assert.deepEqual(rest, { s: HOSTILE, f: 1.5, b: true, j: '{"a":[1.0,null],"b":18446744073709551615}', n: null });
    assert.deepEqual(
      [i.value, t.value, d.value, [...y], st.x.value, st.y, a.map(it => it.value)],
      ['9223372036854775807', '2026-01-02T03:04:05.678901000Z', '2026-02-03', [0, 255], '1', 'z', ['3', '2']],
    );
  });

  it('merges: inserts, updates, deletes and leaves other scopes alone', async () => {
    await server.table('merged');
    const rows = [
      { id: '1', payload: JSON.stringify({ text: HOSTILE }) },
      { id: '2', payload: '{"n":123456789012345678}' },
      { id: '3', payload: '3' },
    ];
    assert.deepEqual(await server.merge('merged', rows), stats('3', '0', '0'));
    assert.deepEqual(await server.merge('merged', rows.slice(0, 1), { scope: 'b' }), stats('1', '0', '0'));
    const later = '2026-01-02T00:00:00Z';
    assert.deepEqual(
      await server.merge('merged', [rows[0], { id: '2', payload: '[]' }, { id: '4', payload: '"four"' }], { seen: later }),
      stats('1', '1', '1'),
    );
    const text = JSON.stringify({ text: HOSTILE });
    const first = '2026-01-01T00:00:00.123456000Z';
    const second = '2026-01-02T00:00:00.000Z';
    assert.deepEqual(await server.rows('merged'), [
      ['a', '1', text, first],
      ['a', '2', '[]', second],
      ['a', '4', '"four"', second],
      ['b', '1', text, first],
    ]);
    assert.deepEqual(await server.merge('merged', [], { seen: later }), stats('0', '0', '3'));
  });

  it('is refused a MERGE that matches a row twice, and nothing has changed', async () => {
    await server.table('twice');
    await server.merge('twice', [{ id: '1', payload: '1' }]);
    await assert.rejects(
      server.merge('twice', [
        { id: '1', payload: '2' },
        { id: '1', payload: '3' },
        { id: '2', payload: '4' },
      ]),
      says('invalidQuery', /UPDATE\/MERGE must match at most one source row for each target row/),
    );
    assert.deepEqual(
      (await server.rows('twice')).map(it => it.slice(1, 3)),
      [['1', '1']],
    );
  });

  it('merges 9 MB of rows in a few seconds', async () => {
    await server.table('large');
    const rows = Array.from({ length: 9000 }, (_, i) => ({ id: `uid-${i}`, payload: JSON.stringify({ i, text: 'x'.repeat(850) }) }));
    const start = Date.now();
    assert.deepEqual(await server.merge('large', rows), stats('9000', '0', '0'));
    assert.deepEqual(await server.merge('large', rows), stats('0', '0', '0'));
    assert.ok(Date.now() - start < 20_000, `${Date.now() - start} ms`);
    await assert.rejects(server.merge('large', [...rows, ...rows]), { code: 413 });
  });

  it('loads a file, appends, truncates, and counts', async () => {
    const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'bigquery-proof-'));
    const file = path.join(folder, 'rows.ndjson');
    const row = i => JSON.stringify({ scope: 'a', id: String(i), payload: { text: HOSTILE, wide: i }, seen: '2026-01-01T00:00:00.5Z' });
    fs.writeFileSync(file, Array.from({ length: 3000 }, (_, i) => row(i)).join('\n'));
    const table = client.dataset('mirror').table('loaded');
    const load = async (source, more = {}) =>
      (await table.load(source, { sourceFormat: 'NEWLINE_DELIMITED_JSON', schema: { fields: FIELDS }, location: 'EU', ...more }))[0];
    assert.equal((await load(file)).statistics.load.outputRows, '3000');
    fs.writeFileSync(file, zlib.gzipSync(row(9).replace('"wide":9', '"wide":9007199254740993')));
    await load(file);
    const [[{ n }]] = await client.query('SELECT COUNT(*) AS n FROM mirror.loaded');
    assert.equal(n, 3001);
    await load(file, { writeDisposition: 'WRITE_TRUNCATE' });
    assert.deepEqual(await server.rows('loaded'), [
      ['a', '9', JSON.stringify({ text: HOSTILE, wide: 0 }).replace(':0}', ':9007199254740993}'), '2026-01-01T00:00:00.500Z'],
    ]);
    await assert.rejects(load(file, { writeDisposition: 'WRITE_EMPTY' }), says('duplicate', /Already Exists/));
    fs.writeFileSync(file, `${row(1)}\n{"scope":"a"}\n{"scope":`);
    await assert.rejects(load(file), says('invalid', /too many errors, giving up/));
    assert.equal((await load(file, { maxBadRecords: 2 })).statistics.load.badRecords, '2');
    const [listed] = await table.getRows();
    assert.deepEqual([listed.length, listed[0].seen.value], [2, '2026-01-01T00:00:00.500Z']);
    fs.rmSync(folder, { recursive: true });
  });

  it('reads a result page by page', async () => {
    const [job] = await client.createQueryJob('SELECT n FROM UNNEST(GENERATE_ARRAY(1, 25)) AS n ORDER BY n');
    const pages = [];
    for (let query = { maxResults: 10, autoPaginate: false }; query !== null;) {
      const [rows, next] = await job.getQueryResults(query);
      pages.push(rows.map(it => it.n));
      query = next;
    }
    assert.deepEqual(
      pages.map(it => it.length),
      [10, 10, 5],
    );
    assert.deepEqual(
      pages.flat(),
      Array.from({ length: 25 }, (_, i) => i + 1),
    );
  });

  it('runs a job of one id once', async () => {
    await server.table('once');
    const more = { jobId: 'sink-once-1', location: 'EU' };
    assert.deepEqual(await server.merge('once', [{ id: '1', payload: '1' }], more), stats('1', '0', '0'));
    await assert.rejects(client.createQueryJob({ query: 'SELECT 1', ...more }), says('duplicate', /Already Exists: Job acme-prod:EU.sink-once-1/, 409));
    await assert.rejects(client.job('sink-once-1', { location: 'US' }).getMetadata(), says('notFound', /Not found: Job/, 404));
    const [metadata] = await client.job('sink-once-1', { location: 'EU' }).getMetadata();
    assert.deepEqual([metadata.status.state, metadata.statistics.query.statementType, metadata.statistics.query.numDmlAffectedRows], ['DONE', 'MERGE', '1']);
  });

  it('answers with the wanted fields only', async () => {
    const get = fields =>
      new Promise((resolve, reject) => client.request({ uri: '/datasets/mirror', qs: { fields } }, (error, body) => (error ? reject(error) : resolve(body))));
    assert.deepEqual(await get('location,datasetReference(datasetId)'), { location: 'EU', datasetReference: { datasetId: 'mirror' } });
    assert.deepEqual(await get('datasetReference/datasetId'), { datasetReference: { datasetId: 'mirror' } });
    await assert.rejects(get('location)'), says('invalidParameter', /Invalid field selection location/, 400));
  });

  it('checks a statement without running it', async () => {
    await server.table('dry');
    const rows = [{ id: '1', payload: '1' }];
    const dry = query =>
      client.createQueryJob({
        query,
        dryRun: true,
        params: { rows, scope: 'a', seen: client.timestamp('2026-01-01T00:00:00Z') },
        types: { rows: [{ id: 'STRING', payload: 'STRING' }], scope: 'STRING', seen: 'TIMESTAMP' },
      });
    const [job] = await dry(MERGE.replace('`rows`', '`dry`'));
    assert.deepEqual([job.metadata.status.state, job.metadata.statistics.query.statementType], ['DONE', 'MERGE']);
    assert.deepEqual(await server.rows('dry'), []);
    await assert.rejects(
      dry(MERGE.replace('`rows`', '`nothing`')),
      says('notFound', /Not found: Table acme-prod:mirror.nothing was not found in location EU/, 404),
    );
    await assert.rejects(dry('SELECT nope FROM mirror.dry'), says('invalidQuery', /Unrecognized name: nope at \[1:8\]/, 400));
    await assert.rejects(dry('SELECT @other'), says('invalidQuery', /Query parameter 'other' not found at \[1:8\]/, 400));
    await assert.rejects(
      dry(MERGE.replace('`rows`', '`dry`').replace(/PARSE_JSON\(r.payload.*?\)/, 'r.payload')),
      says('invalidQuery', /Value of type STRING cannot be assigned to payload, which has type JSON/),
    );
    await assert.rejects(
      dry('SELECT 1 FROM mirror.dry AS d WHERE d.payload = d.payload'),
      says('invalidQuery', /Equality is not defined for arguments of type JSON at \[1:37\]/),
    );
  });

  it('is told what is wrong with a statement', async () => {
    const wrong = async (query, reason, pattern, more = {}) => assert.rejects(client.query({ query, ...more }), says(reason, pattern));
    await wrong('SELECT FROM x', 'invalidQuery', /Syntax error: Unexpected "FROM" at \[1:8\]/);
    await wrong('SELECT nextval(1)', 'invalidQuery', /Function not found: nextval at \[1:8\]/);
    await wrong('SELECT 1 FROM none.items', 'notFound', /Not found: Dataset acme-prod:none was not found in location/);
    await wrong(`SELECT PARSE_JSON('12345678901234567890123456789')`, 'invalidQuery', /cannot round-trip through string representation/);
    await wrong(`SELECT '${'x'.repeat(1024 * 1024)}'`, 'invalid', /query is too large/);
    const [[{ wide }]] = await client.query(`SELECT TO_JSON_STRING(PARSE_JSON('12345678901234567890123456789', wide_number_mode=>'round')) AS wide`);
    assert.equal(wide, '1.2345678901234568e+28');
    await server.table('billed');
    await wrong('SELECT * FROM mirror.billed', 'bytesBilledLimitExceeded', /Query exceeded limit for bytes billed: 1000000. 10485760 or higher required/, {
      maximumBytesBilled: '1000000',
    });
    await wrong(`INSERT INTO mirror.billed (scope) VALUES ('a')`, 'invalidQuery', /Required field id cannot be null/);
  });

  it('parses a JSON text of some megabytes, as long as the request takes it', async () => {
    const text = JSON.stringify({ long: 'x'.repeat(9_100_000), lines: '\n'.repeat(100_000) });
    const [[{ parsed }]] = await client.query({ query: 'SELECT TO_JSON_STRING(PARSE_JSON(@text)) AS parsed', params: { text } });
    assert.equal(parsed.length, text.length);
    for (const broken of ['{"a":"', '{"a":"\\', '{"a":"\\x"}', '{"a', '{"a":"\t"}'])
      await assert.rejects(client.query({ query: 'SELECT PARSE_JSON(@text) AS parsed', params: { text: broken } }), says('invalidQuery', /./));
  });

  it('uses the GoogleSQL around a MERGE', async () => {
    const [rows] = await client.query(`
      WITH a AS (SELECT r.k, r.v, o FROM UNNEST(ARRAY<STRUCT<k STRING, v INT64>>[('x', 1), ('x', 2), ('y', 3)]) AS r WITH OFFSET AS o)
      SELECT * EXCEPT (o) FROM a WHERE k LIKE '%' AND k IN UNNEST(['x', 'y']) QUALIFY ROW_NUMBER() OVER (PARTITION BY k ORDER BY o DESC) = 1 ORDER BY k`);
    assert.deepEqual(rows, [
      { k: 'x', v: 2 },
      { k: 'y', v: 3 },
    ]);
  });

  it('polls a slow job, and cancels it', async () => {
    await server.control('POST', 'delay', { jobMs: 300 });
    const [slow] = await client.createQueryJob('SELECT 1 AS x');
    assert.equal((await slow.getMetadata())[0].status.state, 'PENDING');
    assert.deepEqual((await slow.getQueryResults())[0], [{ x: 1 }]);
    const [timed] = await client.createQueryJob({ query: 'SELECT 1', jobTimeoutMs: 50 });
    await assert.rejects(timed.promise(), says('stopped', /timed out/));
    await server.control('POST', 'delay', { jobMs: 60_000 });
    const [cancelled] = await client.createQueryJob('SELECT 1');
    await cancelled.cancel();
    await assert.rejects(cancelled.promise(), says('stopped', /cancelled/));
    await server.control('POST', 'delay', { jobMs: 10 });
  });

  it('runs statements on one table one after the other', async () => {
    await server.table('contended');
    const counts = await Promise.all(Array.from({ length: 8 }, () => server.merge('contended', [{ id: '1', payload: '1' }])));
    assert.equal(counts.filter(it => it.insertedRowCount === '1').length, 1);
  });
});

describe('faults', () => {
  let server;
  before(async () => {
    server = await Running.start();
  });
  after(() => server.stop());

  it("are answered in Google's shape and retried by the client", async () => {
    await server.control('POST', 'faults', [{ on: 'datasets.get', times: 2, status: 403, reason: 'rateLimitExceeded', message: 'slow down' }]);
    assert.deepEqual((await server.rest('GET', `/projects/${PROJECT}/datasets/mirror`)).body.error, {
      code: 403,
      message: 'slow down',
      errors: [{ message: 'slow down', domain: 'global', reason: 'rateLimitExceeded' }],
      status: 'PERMISSION_DENIED',
    });
    assert.equal((await server.client.dataset('mirror').get())[0].id, 'mirror');
    assert.deepEqual(
      (await server.log('datasets.get')).map(it => it.status),
      [403, 403, 200],
    );
    await server.control('POST', 'faults', [{ on: 'datasets.get', status: 403, reason: 'accessDenied', message: 'Access Denied' }]);
    await assert.rejects(server.client.dataset('mirror').get(), says('accessDenied', /Access Denied/, 403));
  });

  it('fail the job, not the request, without running it', async () => {
    await server.table('spared');
    await server.control('POST', 'faults', [
      {
        on: 'statement',
        match: 'MERGE',
        status: 400,
        reason: 'invalidQuery',
        message: 'Could not serialize access to table acme-prod:mirror.spared due to concurrent update',
      },
    ]);
    assert.deepEqual((await server.client.query('SELECT 1 AS x'))[0], [{ x: 1 }]);
    await assert.rejects(server.merge('spared', [{ id: '1', payload: '1' }]), says('invalidQuery', /Could not serialize access/));
    assert.deepEqual(await server.rows('spared'), []);
    assert.deepEqual(await server.merge('spared', [{ id: '1', payload: '1' }]), stats('1', '0', '0'));
  });

  it('drop the connection before or after the request was executed', async () => {
    const insert = jobId =>
      server.rest('POST', `/projects/${PROJECT}/jobs`, { jobReference: { jobId }, configuration: { query: { query: 'SELECT 1', useLegacySql: false } } });
    await server.control('POST', 'faults', [{ on: 'jobs.insert', drop: 'before' }]);
    await assert.rejects(insert('lost'));
    assert.equal((await insert('lost')).status, 200);
    await server.control('POST', 'faults', [{ on: 'jobs.insert', drop: 'after' }]);
    await assert.rejects(insert('heard'));
    assert.equal((await insert('heard')).status, 409);
    assert.deepEqual(
      (await server.log('jobs.insert')).filter(it => it.job === 'lost').map(it => it.dropped ?? it.status),
      [true, 200],
    );
  });
});

describe('uploads', () => {
  let server;
  before(async () => {
    server = await Running.start();
  });
  after(() => server.stop());

  it('take a file in resumable chunks', async () => {
    const table = await server.table('resumed');
    const media = Buffer.from(Array.from({ length: 10 }, (_, i) => JSON.stringify({ scope: 'a', id: `${i}`, payload: i, seen: '2026-01-01' })).join('\n'));
    const configuration = {
      load: { destinationTable: { projectId: PROJECT, datasetId: 'mirror', tableId: 'resumed' }, sourceFormat: 'NEWLINE_DELIMITED_JSON' },
    };
    const begun = await server.rest(
      'POST',
      `/upload/bigquery/v2/projects/${PROJECT}/jobs?uploadType=resumable`,
      zlib.gzipSync(JSON.stringify({ jobReference: { jobId: 'resumed' }, configuration })),
      { 'Content-Encoding': 'gzip' },
    );
    const where = new URL(begun.headers.get('Location'));
    const put = (range, body) => server.rest('PUT', where.pathname + where.search, body, { 'Content-Range': range });
    const half = await put(`bytes 0-99/*`, media.subarray(0, 100));
    assert.deepEqual([half.status, half.headers.get('Range')], [308, 'bytes=0-99']);
    assert.equal((await put(`bytes */${media.length}`)).status, 308);
    const last = await put(`bytes 100-${media.length - 1}/${media.length}`, media.subarray(100));
    assert.deepEqual([last.status, last.body.jobReference.location], [200, 'EU']);
    await server.client.job('resumed', { location: 'EU' }).promise();
    assert.equal((await table.getMetadata())[0].numRows, '10');
    assert.ok((await server.log('jobs.insert'))[0].wireBytes < (await server.log('jobs.insert'))[0].bytes);
  });
});

describe('a server that asks for credentials', () => {
  let server;
  before(async () => {
    server = await Running.start('--require-auth');
  });
  after(() => server.stop());

  it('lets a service account in', async () => {
    const credentials = await server.control('POST', 'service-account', { project: PROJECT });
    const client = connect(server.address, PROJECT, credentials);
    assert.deepEqual((await client.query('SELECT 1 AS x'))[0], [{ x: 1 }]);
    assert.deepEqual(
      (await server.log('token')).map(it => it.status),
      [200],
    );
  });

  it('turns everybody else away', async () => {
    await assert.rejects(server.client.query('SELECT 1'), says('required', /authentication credential/, 401));
    const [one, other] = [await server.control('POST', 'service-account', { name: 'one' }), await server.control('POST', 'service-account', { name: 'other' })];
    const forged = connect(server.address, PROJECT, { ...one, private_key: other.private_key });
    await assert.rejects(forged.query('SELECT 1'), /Invalid JWT Signature/);
    const grant = assertion =>
      server.rest('POST', '/token', String(new URLSearchParams({ grant_type: 'urn:ietf:params:oauth:grant-type:jwt-bearer', assertion })));
    assert.deepEqual((await grant('x.y')).body, { error: 'invalid_grant', error_description: 'Invalid JWT: the assertion is no JWT.' });
  });
});
