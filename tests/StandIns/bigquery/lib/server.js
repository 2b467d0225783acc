// @ts-check
'use strict';
// HTTP: reads requests, asks for credentials, injects faults, logs, answers.
const fs = require('node:fs');
const http = require('node:http');
const https = require('node:https');
const zlib = require('node:zlib');
const { Api, route } = require('./api');
const { Catalog } = require('./catalog');
const { Engine } = require('./engine');
const errors = require('./errors');
const { Faults } = require('./faults');
const { Jobs } = require('./jobs');
const { partial } = require('./partial');
const { Tokens } = require('./tokens');
const { Uploads, json, multipart } = require('./uploads');
const { listen } = require('../../program');

const MAX_BODY = 10 * 1024 * 1024; // bytes of an API request without media, parameters included: https://cloud.google.com/bigquery/quotas#query_jobs

/**
 * @typedef {object} Options
 * @property {number} port 0 = a free one
 * @property {boolean} [withParent] end with the standard input
 * @property {{ cert?: Buffer, key?: Buffer }} [tls] PEM; without it the server speaks plain HTTP
 * @property {string} [log] a file for one line of JSON per request
 * @property {boolean} [requireAuth]
 */

class Server {
  /** @param {Options} options @param {Engine} engine */
  constructor(options, engine) {
    this.options = options;
    this.faults = new Faults();
    this.tokens = new Tokens();
    this.log = [];
    const catalog = new Catalog(engine);
    this.jobs = new Jobs(catalog, this.faults);
    this.api = new Api(catalog, this.jobs, new Uploads());
    const answer = (request, response) => this.answer(request, response).catch(error => response.destroy(error));
    this.http = options.tls ? https.createServer(options.tls, answer) : http.createServer(answer);
    this.http.on('clientError', (_, socket) => socket.destroy());
  }

  /** @param {Options} options */
  static async open(options) {
    return new Server(options, await Engine.open());
  }

  /** Listens on the loopback interface and answers the port. @param {number} port */
  listen(port) {
    return listen(this.http, port);
  }

  close() {
    this.http.closeAllConnections();
    this.http.close();
  }

  async answer(request, response) {
    const url = new URL(request.url, `${this.options.tls ? 'https' : 'http'}://${request.headers.host ?? '127.0.0.1'}`);
    const wire = await bodyOf(request);
    if (wire === null) return;
    const body = request.headers['content-encoding'] === 'gzip' ? zlib.gunzipSync(wire) : wire;
    if (url.pathname.startsWith('/stand-in/')) return this.control(request.method, url.pathname, body, url.origin, response);
    const operation = url.pathname === '/token' ? { name: 'token' } : route(request.method, url.pathname);
    const { name, upload, ...names } = operation ?? { name: 'unknown' };
    const entry = { method: request.method, resource: name, ...names, ...(upload && { upload: true }), bytes: body.length, wireBytes: wire.length };
    describe(entry, request, url, body);
    const fault = (upload && this.faults.take('upload')) || this.faults.take(name);
    if (fault?.drop === 'before') return this.drop(entry, response);
    const answer = await this.reply({ request, url, body, operation, fault });
    if (fault?.drop === 'after') return this.drop(entry, response);
    this.record({ ...entry, status: answer.status });
    send(response, answer);
  }

  /** Never throws: an error is an answer. */
  async reply({ request, url, body, operation, fault }) {
    try {
      if (fault && !fault.drop)
        throw new errors.ApiError(
          fault.status ?? 500,
          fault.reason ?? 'backendError',
          fault.message ?? 'An internal error occurred and the request could not be completed.',
        );
      if (operation?.name === 'token') return this.tokens.exchange(new URLSearchParams(body.toString()), url.origin);
      if (this.options.requireAuth && !this.tokens.accepts(request.headers.authorization)) throw errors.unauthenticated();
      if (operation === null) throw errors.of('notFound', `${request.method} ${url.pathname} is nothing that this stand-in serves`);
      if (!operation.upload && body.length > MAX_BODY)
        throw new errors.ApiError(413, 'uploadTooLarge', `Request payload size exceeds the limit: ${MAX_BODY} bytes.`);
      const query = Object.fromEntries(url.searchParams);
      const answer = await this.api.run({ ...operation, query, body, headers: request.headers, method: request.method, url });
      return { status: 200, ...answer, ...(query.fields && answer.body && { body: partial(answer.body, query.fields) }) };
    } catch (error) {
      if (error instanceof errors.ApiError) return { status: error.status, body: error.body };
      process.stderr.write(`${error.stack}\n`);
      return { status: 500, body: errors.of('internalError', error.message).body };
    }
  }

  drop(entry, response) {
    this.record({ ...entry, dropped: true });
    response.socket?.destroy();
  }

  /**
   * One entry for each request: method, resource, project, dataset, table, job, location, upload, bytes, wireBytes (as they came, perhaps compressed),
   * statement, parameters (their names), priority, labels, dryRun, kind (LOAD or QUERY), and status or dropped.
   */
  record(entry) {
    this.log.push(entry);
    if (this.options.log !== undefined) fs.appendFileSync(this.options.log, `${JSON.stringify(entry)}\n`);
  }

  async control(method, path, body, origin, response) {
    try {
      send(response, { status: 200, body: await this.controls(`${method} ${path}`, body, origin) });
    } catch (error) {
      send(response, { status: 400, body: { error: { code: 400, message: error.message } } });
    }
  }

  controls(what, body, origin) {
    switch (what) {
      case 'POST /stand-in/service-account':
        return this.tokens.register(json(body), origin);
      case 'POST /stand-in/faults':
        this.faults.add([json(body)].flat());
        return {};
      case 'DELETE /stand-in/faults':
        this.faults.clear();
        return {};
      case 'POST /stand-in/delay':
        this.jobs.delay = Number(json(body).jobMs);
        return {};
      // What an administrator did beforehand, without credentials: { project, dataset, location, … } and { project, dataset, resource }.
      case 'POST /stand-in/dataset': {
        const { project, dataset, ...more } = json(body);
        return this.api.catalog.insertDataset(project, { datasetReference: { datasetId: dataset }, ...more }).resource;
      }
      case 'POST /stand-in/table': {
        const { project, dataset, resource } = json(body);
        return this.api.catalog.insertTable(project, dataset, resource).then(it => it.resource);
      }
      case 'GET /stand-in/log':
        return this.log;
      default:
        throw new Error(`no control ${what}`);
    }
  }
}

/** Null where the client went away. */
async function bodyOf(request) {
  const chunks = [];
  try {
    for await (const it of request) chunks.push(it);
    return Buffer.concat(chunks);
  } catch {
    return null;
  }
}

/** Adds to a log's entry what a job or a table is about. */
function describe(entry, request, url, body) {
  let content;
  try {
    if (request.method === 'PUT' || entry.resource === 'token') return;
    content = url.searchParams.get('uploadType') === 'multipart' ? multipart(request.headers['content-type'], body).metadata : json(body);
  } catch {
    return; // the answer will say it
  }
  const configuration = content.configuration ?? {};
  const query = configuration.query ?? (entry.resource === 'jobs.query' ? content : undefined);
  const destination = configuration.load?.destinationTable;
  Object.assign(entry, {
    ...(destination && { dataset: destination.datasetId, table: destination.tableId }),
    ...(content.jobReference?.jobId && { job: content.jobReference.jobId, location: content.jobReference.location }),
    ...(content.datasetReference && { dataset: content.datasetReference.datasetId }),
    ...(content.tableReference && { table: content.tableReference.tableId }),
    ...(query && { statement: query.query, parameters: (query.queryParameters ?? []).map(it => it.name ?? null), priority: query.priority ?? 'INTERACTIVE' }),
    ...((configuration.labels ?? content.labels) && { labels: configuration.labels ?? content.labels }),
    ...((configuration.dryRun ?? content.dryRun) && { dryRun: true }),
    ...((configuration.load ?? query) && { kind: configuration.load ? 'LOAD' : 'QUERY' }),
  });
}

function send(response, { status, headers = {}, body }) {
  const text = body === undefined ? '' : JSON.stringify(body);
  response.writeHead(status, {
    ...headers,
    'Content-Type': 'application/json; charset=UTF-8',
    ...(status !== 204 && { 'Content-Length': Buffer.byteLength(text) }),
  });
  response.end(text);
}

module.exports = { Server };
