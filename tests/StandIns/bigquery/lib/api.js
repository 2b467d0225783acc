// @ts-check
'use strict';
// The REST resources: https://cloud.google.com/bigquery/docs/reference/rest. An operation takes the request and answers a body.
const errors = require('./errors');
const { resource } = require('./jobs');
const results = require('./results');
const rows = require('./rows');
const { json, multipart } = require('./uploads');

const PROJECT = '/projects/(?<project>[^/]+)';
const DATASETS = `${PROJECT}/datasets`;
const TABLES = `${DATASETS}/(?<dataset>[^/]+)/tables`;
const JOBS = `${PROJECT}/jobs`;

// Method, path and name of each operation.
const ROUTES = [
  ['GET', DATASETS, 'datasets.list'],
  ['POST', DATASETS, 'datasets.insert'],
  ['GET', `${DATASETS}/(?<dataset>[^/]+)`, 'datasets.get'],
  ['DELETE', `${DATASETS}/(?<dataset>[^/]+)`, 'datasets.delete'],
  ['GET', TABLES, 'tables.list'],
  ['POST', TABLES, 'tables.insert'],
  ['GET', `${TABLES}/(?<table>[^/]+)`, 'tables.get'],
  ['PATCH', `${TABLES}/(?<table>[^/]+)`, 'tables.patch'],
  ['DELETE', `${TABLES}/(?<table>[^/]+)`, 'tables.delete'],
  ['GET', `${TABLES}/(?<table>[^/]+)/data`, 'tabledata.list'],
  ['POST', JOBS, 'jobs.insert'],
  ['GET', `${JOBS}/(?<job>[^/]+)`, 'jobs.get'],
  ['POST', `${JOBS}/(?<job>[^/]+)/cancel`, 'jobs.cancel'],
  ['POST', `${PROJECT}/queries`, 'jobs.query'],
  ['GET', `${PROJECT}/queries/(?<job>[^/]+)`, 'jobs.getQueryResults'],
].map(([method, path, name]) => ({ method, path: new RegExp(`^(?:/bigquery/v2)?${path}/?$`), name }));
const UPLOAD = new RegExp(`^(?:/resumable)?/upload(?:/bigquery/v2)?${PROJECT}/jobs$`);

/** The operation that a request names: { name, upload, project, dataset, table, job }, or null. */
function route(method, path) {
  const upload = UPLOAD.exec(path);
  if (upload !== null && (method === 'POST' || method === 'PUT')) return { name: 'jobs.insert', upload: true, ...upload.groups };
  for (const it of ROUTES) {
    const match = it.method === method ? it.path.exec(path) : null;
    if (match !== null) return { name: it.name, upload: false, ...decoded(match.groups ?? {}) };
  }
  return null;
}

const decoded = names => Object.fromEntries(Object.entries(names).map(([key, value]) => [key, decodeURIComponent(value)]));

class Api {
  /**
   * @param {import('./catalog').Catalog} catalog
   * @param {import('./jobs').Jobs} jobs
   * @param {import('./uploads').Uploads} uploads
   */
  constructor(catalog, jobs, uploads) {
    this.catalog = catalog;
    this.jobs = jobs;
    this.uploads = uploads;
  }

  /** @param request has what `route` answers, and query, body, headers, method and url; the answer is { status?, headers?, body? }. */
  run(request) {
    return request.upload ? this.upload(request) : this[request.name](request);
  }

  'datasets.list'({ project }) {
    const datasets = [...this.catalog.datasets.values()].filter(it => it.project === project);
    return {
      body: {
        kind: 'bigquery#datasetList',
        datasets: datasets.map(({ resource: { id, datasetReference, location } }) => ({ kind: 'bigquery#dataset', id, datasetReference, location })),
      },
    };
  }

  'datasets.insert'({ project, body }) {
    return { body: this.catalog.insertDataset(project, json(body)).resource };
  }

  'datasets.get'({ project, dataset }) {
    return { body: this.catalog.dataset(project, dataset).resource };
  }

  async 'datasets.delete'({ project, dataset, query }) {
    await this.catalog.deleteDataset(project, dataset, query.deleteContents === 'true');
    return { status: 204 };
  }

  'tables.list'({ project, dataset, query }) {
    const tables = this.catalog.tables(this.catalog.dataset(project, dataset));
    const from = query.pageToken === undefined ? 0 : results.offset(query.pageToken);
    const end = from + Number(query.maxResults ?? 50);
    return {
      body: {
        kind: 'bigquery#tableList',
        totalItems: tables.length,
        ...(end < tables.length && { nextPageToken: results.token(end) }),
        tables: tables.slice(from, end).map(it => ({
          kind: 'bigquery#table',
          type: 'TABLE',
          id: it.key,
          tableReference: { projectId: project, datasetId: dataset, tableId: it.id },
          creationTime: it.resource.creationTime,
          expirationTime: it.resource.expirationTime,
          labels: it.resource.labels,
        })),
      },
    };
  }

  async 'tables.insert'({ project, dataset, body }) {
    return { body: await this.catalog.tableResource(await this.catalog.insertTable(project, dataset, json(body))) };
  }

  async 'tables.get'({ project, dataset, table }) {
    return { body: await this.catalog.tableResource(this.catalog.table(project, dataset, table)) };
  }

  async 'tables.patch'({ project, dataset, table, body }) {
    const found = this.catalog.table(project, dataset, table);
    const { expirationTime, labels, description, friendlyName, ...more } = json(body);
    const [odd] = Object.keys(more).filter(it => it !== 'tableReference');
    if (odd !== undefined) throw errors.invalid(`this stand-in patches no ${odd}`);
    for (const [key, value] of Object.entries({ expirationTime, labels, description, friendlyName })) {
      if (value === null) delete found.resource[key];
      else if (value !== undefined) found.resource[key] = key === 'expirationTime' ? String(value) : value;
    }
    found.resource.lastModifiedTime = String(Date.now());
    return { body: await this.catalog.tableResource(found) };
  }

  async 'tables.delete'({ project, dataset, table }) {
    await this.catalog.dropTable(this.catalog.table(project, dataset, table));
    return { status: 204 };
  }

  async 'tabledata.list'({ project, dataset, table, query }) {
    const found = this.catalog.table(project, dataset, table);
    const { rows: all } = await this.catalog.engine.session(it => it.query(`SELECT * FROM ${found.sql}`));
    const from = query.pageToken === undefined ? Number(query.startIndex ?? 0) : results.offset(query.pageToken);
    const format = dotted(query);
    const types = found.fields.map(it => it.type);
    const { items, next } = results.cut(all, from, Number(query.maxResults ?? Infinity), it => rows.encode(types, [it], format)[0]);
    return {
      body: { kind: 'bigquery#tableDataList', totalRows: String(all.length), rows: items, ...(next < all.length && { pageToken: results.token(next) }) },
    };
  }

  async 'jobs.insert'({ project, body }) {
    return { body: resource(await this.jobs.insert(project, json(body), null)) };
  }

  'jobs.get'({ project, job, query }) {
    return { body: resource(this.jobs.get(project, job, query.location)) };
  }

  'jobs.cancel'({ project, job, query }) {
    const found = this.jobs.get(project, job, query.location);
    this.jobs.cancel(found);
    return { body: { kind: 'bigquery#jobCancelResponse', job: resource(found) } };
  }

  async 'jobs.query'({ project, body }) {
    const request = json(body);
    const { query, queryParameters, parameterMode, defaultDataset, useLegacySql, maximumBytesBilled, labels, location, dryRun, timeoutMs, maxResults } =
      request;
    const job = await this.jobs.insert(
      project,
      {
        ...(location !== undefined && { jobReference: { location } }),
        configuration: { query: { query, queryParameters, parameterMode, defaultDataset, useLegacySql, maximumBytesBilled }, labels, dryRun },
      },
      null,
    );
    if ('dry' in job) {
      const { totalBytesProcessed, schema } = job.resource.statistics.query;
      return {
        body: { kind: 'bigquery#queryResponse', jobReference: job.resource.jobReference, jobComplete: true, totalBytesProcessed, schema, cacheHit: false },
      };
    }
    return { body: { kind: 'bigquery#queryResponse', ...(await results.page(job, { timeoutMs, maxResults }, rows.formatOf(request.formatOptions))) } };
  }

  async 'jobs.getQueryResults'({ project, job, query }) {
    const found = this.jobs.get(project, job, query.location);
    return { body: { kind: 'bigquery#getQueryResultsResponse', ...(await results.page(found, query, dotted(query))) } };
  }

  async upload({ project, query, body, headers, method, url }) {
    if (method === 'PUT') return this.chunk(query.upload_id, headers['content-range'], body);
    switch (query.uploadType) {
      case 'multipart': {
        const { metadata, media } = multipart(headers['content-type'], body);
        return { body: resource(await this.jobs.insert(project, metadata, { chunks: [media], size: media.length })) };
      }
      case 'resumable': {
        const id = this.uploads.begin(project, json(body));
        url.searchParams.set('upload_id', id);
        return { headers: { Location: String(url), 'X-GUploader-UploadID': id } };
      }
      default:
        throw errors.invalid(`Invalid uploadType: ${query.uploadType ?? ''}`);
    }
  }

  async chunk(id, range, body) {
    const { session, complete } = this.uploads.put(id, range, body);
    if (!complete) return { status: 308, headers: session.size === 0 ? {} : { Range: `bytes=0-${session.size - 1}` } };
    // Repeated, the last chunk answers the same job.
    session.done ??= this.jobs.insert(session.project, session.metadata, { chunks: session.chunks, size: session.size });
    return { body: resource(await session.done) };
  }
}

/** formatOptions of a query string. */
const dotted = query =>
  rows.formatOf({ useInt64Timestamp: query['formatOptions.useInt64Timestamp'], timestampOutputFormat: query['formatOptions.timestampOutputFormat'] });

module.exports = { Api, route };
