// @ts-check
'use strict';
// Load jobs of newline-delimited JSON: https://cloud.google.com/bigquery/docs/loading-data-cloud-storage-json
const zlib = require('node:zlib');
const duckdb = require('@duckdb/node-api');
const errors = require('./errors');
const { canonical, members } = require('./json');
const { scalar } = require('./parameters');
const types = require('./types');

const ROWS_A_CHUNK = 2048; // the engine's vector size
const NEWLINE = 0x0a;

/** Checks a load's configuration before it runs; @returns its destination. */
function destination(load, catalog, project) {
  const to = load.destinationTable;
  if (to?.datasetId === undefined || to?.tableId === undefined) throw errors.required('configuration.load.destinationTable');
  if ((load.sourceFormat ?? 'CSV') !== 'NEWLINE_DELIMITED_JSON') throw errors.invalid('this stand-in loads NEWLINE_DELIMITED_JSON only');
  const dataset = catalog.dataset(to.projectId ?? project, to.datasetId);
  return { dataset, id: to.tableId };
}

/**
 * Runs a load job: all rows or none.
 * @param {{ chunks: Buffer[], size: number }} media its chunks are consumed
 * @returns statistics.load
 */
async function run(load, media, { catalog, project }) {
  const { dataset, id } = destination(load, catalog, project);
  let table = catalog.find(dataset, id);
  const isNew = table === null;
  if (isNew) {
    if (load.createDisposition === 'CREATE_NEVER') throw errors.notFound('Table', `${dataset.key}.${id}`);
    if (load.schema === undefined) throw errors.invalid('No schema specified on job or table.');
    const { schema, timePartitioning, clustering } = load;
    table = await catalog.insertTable(dataset.project, dataset.id, { tableReference: { tableId: id }, schema, timePartitioning, clustering });
  }
  try {
    if (load.schema !== undefined) checkSchema(load.schema, table);
    return await catalog.engine.session(session => session.transaction(() => fill(session, table, load, media)));
  } catch (error) {
    if (isNew) await catalog.dropTable(table);
    throw error;
  }
}

function checkSchema(schema, table) {
  for (const field of schema.fields ?? []) {
    const own = table.fields.find(it => it.name.toLowerCase() === field.name.toLowerCase());
    const cannot = what => errors.invalid(`Provided Schema does not match Table ${table.key}. ${what}`);
    if (own === undefined) throw cannot(`Cannot add fields (field: ${field.name})`);
    const type = types.fromField(field);
    if (types.text(type) !== types.text(own.type)) throw cannot(`Field ${field.name} has changed type from ${types.text(own.type)} to ${types.text(type)}`);
  }
}

async function fill(session, table, load, media) {
  const disposition = load.writeDisposition ?? 'WRITE_APPEND';
  if (disposition === 'WRITE_TRUNCATE') await session.query(`DELETE FROM ${table.sql}`);
  if (disposition === 'WRITE_EMPTY' && (await session.query(`SELECT 1 FROM ${table.sql} LIMIT 1`)).rows.length > 0)
    throw errors.of('duplicate', `Already Exists: Table ${table.key}`);
  const columns = new Map(table.fields.map((it, i) => [it.name.toLowerCase(), { ...it, i }]));
  const bad = [];
  const rows = await appender(session, table);
  let number = 0;
  let bytes = 0;
  for (const line of lines(media)) {
    number++;
    bytes += line.length + 1;
    try {
      rows.add(row(line.toString('utf8'), columns, load.ignoreUnknownValues === true));
    } catch (error) {
      bad.push({
        reason: 'invalid',
        message: `Error while reading data, error message: JSON parsing error in row starting at position ${number}: ${error.message}`,
      });
      if (bad.length > (load.maxBadRecords ?? 0)) throw tooMany(number, bad);
    }
  }
  rows.end();
  return {
    inputFiles: '1',
    inputFileBytes: String(media.size),
    outputRows: String(number - bad.length),
    badRecords: String(bad.length),
    outputBytes: String(bytes),
  };
}

function tooMany(rows, bad) {
  const error = errors.invalid(
    `Error while reading data, error message: JSON table encountered too many errors, giving up. Rows: ${rows}; errors: ${bad.length}. ` +
      'Please look into the errors[] collection for more details.',
  );
  error.others = bad;
  return error;
}

/** The lines that are not blank, as bytes. Takes the chunks away, so that a large upload is not held beside its rows. */
function* lines({ chunks }) {
  if (chunks[0]?.[0] === 0x1f && chunks[0][1] === 0x8b) chunks.splice(0, chunks.length, zlib.gunzipSync(Buffer.concat(chunks)));
  let open = [];
  for (let chunk = chunks.shift(); chunk !== undefined; chunk = chunks.shift()) {
    let from = 0;
    for (let end = chunk.indexOf(NEWLINE); end !== -1; end = chunk.indexOf(NEWLINE, from)) {
      const line = Buffer.concat([...open, chunk.subarray(from, end)]);
      if (!isBlank(line)) yield line;
      open = [];
      from = end + 1;
    }
    open.push(chunk.subarray(from));
  }
  const last = Buffer.concat(open);
  if (!isBlank(last)) yield last;
}

const isBlank = line => line.every(it => it === 0x20 || it === 0x09 || it === 0x0d);

function row(line, columns, ignoreUnknown) {
  const values = new Array(columns.size).fill(null);
  for (const [name, text] of members(line)) {
    const column = columns.get(name.toLowerCase());
    if (column !== undefined) values[column.i] = value(column.type, text, name);
    else if (!ignoreUnknown) throw new Error(`No such field: ${name}.`);
  }
  for (const { name, mode, type, i } of columns.values()) {
    if (values[i] === null && mode === 'REQUIRED') throw new Error(`Missing required fields: ${name}.`);
    if (values[i] === null && type.kind === 'ARRAY') values[i] = duckdb.listValue([]);
  }
  return values;
}

/** The engine's value of a member's raw text: numbers never pass a double on their way to JSON, INT64 or NUMERIC. */
function value(type, text, name) {
  if (type.kind === 'JSON') return canonical(text, false);
  if (text === 'null') return null;
  if (type.kind === 'ARRAY') return duckdb.listValue(JSON.parse(text).map(it => value(type.element, JSON.stringify(it), name)));
  if (type.kind === 'STRUCT') {
    const given = new Map([...members(text)].map(([key, it]) => [key.toLowerCase(), it]));
    return duckdb.structValue(Object.fromEntries(type.fields.map(it => [it.name, value(it.type, given.get(it.name.toLowerCase()) ?? 'null', it.name)])));
  }
  if (text[0] === '{' || text[0] === '[') throw new Error(`Field: ${name}; Value: ${type.kind} expected, object or array given`);
  try {
    return scalar(type.kind, text[0] === '"' ? JSON.parse(text) : text);
  } catch {
    throw new Error(`Could not convert value to ${type.kind.toLowerCase()}. Field: ${name}; Value: ${text.slice(0, 100)}`);
  }
}

/** Appends rows to a table, a vector at a time. */
async function appender(session, table) {
  const to = await session.connection.createAppender(table.sql.slice(1, -1));
  const engineTypes = table.fields.map(it => types.engineType(it.type));
  let rows = [];
  const flush = () => {
    if (rows.length === 0) return;
    const chunk = duckdb.DuckDBDataChunk.create(engineTypes, rows.length);
    chunk.setRows(rows);
    to.appendDataChunk(chunk);
    rows = [];
  };
  return {
    add(row) {
      if (rows.push(row) === ROWS_A_CHUNK) flush();
    },
    end() {
      flush();
      to.flushSync();
      to.closeSync();
    },
  };
}

module.exports = { destination, run };
