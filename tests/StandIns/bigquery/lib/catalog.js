// @ts-check
'use strict';
// Datasets and tables. A table's rows live in an engine's table of a name of its own.
const errors = require('./errors');
const types = require('./types');

const EPOCH = () => String(Date.now());
const DATASET_ID = /^\w{1,1024}$/; // letters, digits, underscores: https://cloud.google.com/bigquery/docs/datasets#dataset-naming
const TABLE_ID = /^[\p{L}\p{M}\p{N}\p{Pc}\p{Pd}\p{Zs}]{1,1024}$/u; // https://cloud.google.com/bigquery/docs/tables#table_naming

class Catalog {
  constructor(engine) {
    this.engine = engine;
    this.datasets = new Map();
    this.made = 0;
  }

  insertDataset(project, resource) {
    const id = resource.datasetReference?.datasetId;
    if (id === undefined) throw errors.required('datasetReference.datasetId');
    if (!DATASET_ID.test(id))
      throw errors.invalid(`Invalid dataset ID "${id}". Dataset IDs must be alphanumeric (plus underscores) and must be at most 1024 characters long.`);
    const key = `${project}:${id}`;
    if (this.datasets.has(key)) throw errors.duplicate('Dataset', key);
    const dataset = {
      key,
      project,
      id,
      tables: new Map(),
      resource: {
        ...resource,
        kind: 'bigquery#dataset',
        id: key,
        datasetReference: { projectId: project, datasetId: id },
        location: resource.location ?? 'US',
        creationTime: EPOCH(),
        lastModifiedTime: EPOCH(),
      },
    };
    this.datasets.set(key, dataset);
    return dataset;
  }

  dataset(project, id, where = '') {
    const dataset = this.datasets.get(`${project}:${id}`);
    if (dataset === undefined) throw errors.notFound('Dataset', `${project}:${id}`, where);
    return dataset;
  }

  async deleteDataset(project, id, contents) {
    const dataset = this.dataset(project, id);
    if (dataset.tables.size > 0 && !contents) throw errors.of('resourceInUse', `Dataset ${dataset.key} is still in use`);
    for (const table of [...dataset.tables.values()]) await this.dropTable(table);
    this.datasets.delete(dataset.key);
  }

  async insertTable(project, datasetId, resource) {
    const dataset = this.dataset(project, datasetId);
    const id = resource.tableReference?.tableId;
    if (id === undefined) throw errors.required('tableReference.tableId');
    if (!TABLE_ID.test(id)) throw errors.invalid(`Invalid table ID "${id}".`);
    if (this.find(dataset, id) !== null) throw errors.duplicate('Table', `${dataset.key}.${id}`);
    const collation = resource.defaultCollation ?? dataset.resource.defaultCollation;
    const fields = (resource.schema?.fields ?? []).map(it => ({
      name: it.name,
      type: types.fromField(it),
      mode: it.mode ?? 'NULLABLE',
      // https://cloud.google.com/bigquery/docs/reference/standard-sql/collation-concepts: a new STRING column takes the default
      given: it.type === 'STRING' && collation ? { collation, ...it } : it,
    }));
    const names = fields.map(it => it.name.toLowerCase());
    const twice = names.find((it, i) => names.indexOf(it) !== i);
    if (twice !== undefined) throw errors.invalid(`Duplicate field name: ${twice}`);
    checkLayout(resource, fields);
    const table = {
      key: `${dataset.key}.${id}`,
      id,
      dataset,
      fields,
      sql: `"t${++this.made}"`,
      resource: { ...resource, ...inherited(resource, dataset.resource), creationTime: EPOCH(), lastModifiedTime: EPOCH() },
    };
    dataset.tables.set(id, table); // before the engine answers: two at once must not both succeed
    const columns = fields.map(it => `${types.quote(it.name)} ${types.engineSql(it.type)}${it.mode === 'REQUIRED' ? ' NOT NULL' : ''}`);
    await this.engine.session(it => it.query(`CREATE TABLE ${table.sql} (${columns.length === 0 ? '"#none" INTEGER' : columns.join(', ')})`));
    return table;
  }

  table(project, datasetId, id, where = '') {
    const dataset = this.dataset(project, datasetId, where);
    const table = this.find(dataset, id);
    if (table === null) throw errors.notFound('Table', `${dataset.key}.${id}`, where);
    return table;
  }

  /** Null where there is none, or where it has expired. */
  find(dataset, id) {
    const table = dataset.tables.get(id);
    const expires = table?.resource.expirationTime;
    if (table !== undefined && expires !== undefined && expires !== null && Number(expires) <= Date.now()) {
      dataset.tables.delete(id);
      return null;
    }
    return table ?? null;
  }

  /** Deletes the rows of partitions that have expired, as the service does by itself. */
  async expire(table) {
    const { type, field, expirationMs } = table.resource.timePartitioning ?? {};
    if (expirationMs === undefined || field === undefined) return;
    const last = new Date(Date.now() - Number(expirationMs)).toISOString();
    await this.engine.session(it =>
      it.query(`DELETE FROM ${table.sql} WHERE date_trunc('${type}', CAST(${types.quote(field)} AS TIMESTAMPTZ)) < TIMESTAMPTZ '${last}'`),
    );
  }

  async dropTable(table) {
    table.dataset.tables.delete(table.id);
    await this.engine.session(it => it.query(`DROP TABLE IF EXISTS ${table.sql}`));
  }

  tables(dataset) {
    return [...dataset.tables.keys()].map(it => this.find(dataset, it)).filter(it => it !== null);
  }

  /** A statement's name of a table: [project,] [dataset,] table. @returns the table. */
  resolve(parts, project, defaultDataset, location) {
    const [id, dataset = defaultDataset?.datasetId, owner = defaultDataset?.projectId ?? project] = [...parts].reverse();
    if (dataset === undefined) throw errors.invalidQuery(`Table "${id}" must be qualified with a dataset (e.g. dataset.table).`);
    const found = this.datasets.get(`${parts.length > 2 ? owner : parts.length === 2 ? project : owner}:${dataset}`);
    const where = ` was not found in location ${location ?? found?.resource.location ?? 'US'}`;
    const name = parts.length === 2 ? project : owner;
    if (found !== undefined && location !== undefined && found.resource.location.toUpperCase() !== location.toUpperCase())
      throw errors.notFound('Dataset', `${name}:${dataset}`, where);
    return this.table(name, dataset, id, where);
  }

  /** Logical size as BigQuery counts it: https://cloud.google.com/bigquery/pricing#data. */
  async bytes(table) {
    return (await this.measure(table)).bytes;
  }

  async measure(table) {
    const sizes = table.fields.map(it => {
      const column = types.quote(it.name);
      switch (it.type.kind) {
        case 'STRING':
        case 'JSON':
          return `coalesce(strlen(CAST(${column} AS VARCHAR)) + 2, 0)`;
        case 'ARRAY':
        case 'STRUCT':
          return `coalesce(strlen(CAST(${column} AS VARCHAR)), 0)`;
        case 'BYTES':
          return `coalesce(octet_length(${column}) + 2, 0)`;
        case 'BOOL':
          return `if(${column} IS NULL, 0, 1)`;
        default:
          return `if(${column} IS NULL, 0, 8)`;
      }
    });
    const { rows } = await this.engine.session(it => it.query(`SELECT count(*), coalesce(sum(${sizes.join(' + ') || '0'}), 0) FROM ${table.sql}`));
    return { rows: Number(rows[0][0]), bytes: Number(rows[0][1]) };
  }

  async tableResource(table) {
    const { rows, bytes } = await this.measure(table);
    const { dataset } = table;
    return {
      ...table.resource,
      kind: 'bigquery#table',
      type: typeOf(table.resource),
      id: table.key,
      location: dataset.resource.location,
      tableReference: { projectId: dataset.project, datasetId: dataset.id, tableId: table.id },
      schema: { fields: table.fields.map(it => ({ ...it.given, ...types.toField(it.name, it.type, it.mode) })) },
      numRows: String(rows),
      numBytes: String(bytes),
    };
  }
}

/**
 * What a new table takes from its dataset: https://cloud.google.com/bigquery/docs/reference/rest/v2/datasets (defaultPartitionExpirationMs and
 * defaultTableExpirationMs; the first rules out the second for a partitioned table).
 */
function inherited({ timePartitioning, expirationTime, view }, { defaultPartitionExpirationMs: partition, defaultTableExpirationMs: table }) {
  if (view !== undefined) return {};
  if (timePartitioning !== undefined && partition !== undefined) return { timePartitioning: { expirationMs: String(partition), ...timePartitioning } };
  return expirationTime === undefined && table !== undefined ? { expirationTime: String(Date.now() + Number(table)) } : {};
}

/** https://cloud.google.com/bigquery/docs/reference/rest/v2/tables, type. */
function typeOf({ view, materializedView, externalDataConfiguration, snapshotDefinition }) {
  if (view !== undefined) return 'VIEW';
  if (materializedView !== undefined) return 'MATERIALIZED_VIEW';
  if (externalDataConfiguration !== undefined) return 'EXTERNAL';
  return snapshotDefinition === undefined ? 'TABLE' : 'SNAPSHOT';
}

// https://cloud.google.com/bigquery/docs/reference/rest/v2/tables#timepartitioning and #clustering
function checkLayout({ timePartitioning, clustering }, fields) {
  const field = name => fields.find(it => it.name.toLowerCase() === name.toLowerCase());
  if (timePartitioning !== undefined && !['DAY', 'HOUR', 'MONTH', 'YEAR'].includes(timePartitioning.type))
    throw errors.invalid(`Invalid value for timePartitioning.type: ${timePartitioning.type}`);
  if (timePartitioning?.field !== undefined) {
    const by = field(timePartitioning.field);
    if (by === undefined) throw errors.invalid(`The field specified for partitioning cannot be found in the schema: ${timePartitioning.field}`);
    if (!['TIMESTAMP', 'DATE', 'DATETIME'].includes(by.type.kind))
      throw errors.invalid(`The field specified for time partitioning must be of type DATE, TIMESTAMP or DATETIME: ${by.name}`);
  }
  const clusters = clustering?.fields ?? [];
  if (clusters.length > 4) throw errors.invalid('Too many clustering fields: at most 4 are allowed.');
  for (const name of clusters) {
    const by = field(name);
    if (by === undefined) throw errors.invalid(`The field specified for clustering cannot be found in the schema: ${name}`);
    if (['JSON', 'FLOAT64', 'STRUCT', 'ARRAY', 'BYTES'].includes(by.type.kind))
      throw errors.invalid(`Entity ${name} of type ${by.type.kind} is not supported for clustering.`);
  }
}

module.exports = { Catalog };
