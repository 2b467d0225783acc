// @ts-check
'use strict';
// Jobs: named by their client, run one after the other where they write the same table, kept after their end.
const { randomUUID } = require('node:crypto');
const errors = require('./errors');
const load = require('./load');
const query = require('./sql/query');

const MEGABYTE = 1024 * 1024;
const LEAST_BILLED = 10 * MEGABYTE; // per table that a query references: https://cloud.google.com/bigquery/pricing#on_demand_pricing
const JOB_ID = /^[A-Za-z0-9_-]{1,1024}$/;

/**
 * @typedef {object} Job
 * @property {string} key
 * @property {string} project
 * @property {string} id
 * @property {string} location
 * @property {'PENDING' | 'RUNNING' | 'DONE'} state
 * @property {ReturnType<import('./sql/query').read> | null} read the statement, until its end
 * @property {any} configuration as the Job resource has it
 * @property {any} statistics as the Job resource has them
 * @property {import('./errors').ApiError | null} error
 * @property {import('./errors').ApiError | null} cancelled
 * @property {any} [result] of a query
 * @property {Promise<void>} ended
 * @property {() => void} end
 * @property {Promise<void>} cancel
 * @property {() => void} requestCancel
 */

class Jobs {
  /** @param {import('./catalog').Catalog} catalog @param {import('./faults').Faults} faults */
  constructor(catalog, faults) {
    this.catalog = catalog;
    this.faults = faults;
    /** @type {Map<string, Job>} */
    this.jobs = new Map();
    this.writers = new Map(); // table -> the end of its last job
    this.delay = 10; // milliseconds before a job starts
  }

  /** jobs.insert: answers at once, with a job that runs on. */
  async insert(project, body, media) {
    const configuration = body.configuration ?? {};
    if (configuration.query !== undefined) return this.insertQuery(project, body, configuration);
    if (configuration.load === undefined) throw errors.invalid('this stand-in runs query and load jobs only');
    if (media === null) throw errors.invalid('this stand-in loads uploaded media only, no sourceUris');
    const { dataset, id } = load.destination(configuration.load, this.catalog, project);
    const job = this.create(project, body, dataset.resource.location, 'LOAD');
    this.start(job, `${dataset.key}.${id}`, async () => ({ load: await load.run(configuration.load, media, { catalog: this.catalog, project }) }));
    return job;
  }

  async insertQuery(project, body, configuration) {
    const given = body.jobReference?.location;
    let read;
    try {
      read = query.read(configuration.query, { catalog: this.catalog, project, location: given });
    } catch (error) {
      if (configuration.dryRun === true || !(error instanceof errors.ApiError)) throw error;
      // The statement is wrong: the job exists and has failed.
      const job = this.create(project, body, given ?? 'US', 'QUERY');
      this.start(job, null, () => Promise.reject(error));
      return job;
    }
    const bytes = async () => (await Promise.all(read.tables.map(it => this.catalog.bytes(it)))).reduce((sum, it) => sum + it, 0);
    const engine = this.catalog.engine;
    if (configuration.dryRun === true) {
      const fields = await engine.session(session => read.check(session), read.parameters);
      return this.dryRun(project, body, read, fields, String(await bytes()));
    }
    const job = this.create(project, body, read.location, 'QUERY');
    job.read = read;
    this.start(job, read.target?.key ?? null, async () => {
      const processed = await bytes();
      const billed = Math.max(Math.ceil(processed / MEGABYTE) * MEGABYTE, LEAST_BILLED * read.tables.length);
      const most = configuration.query.maximumBytesBilled;
      if (most !== undefined && billed > Number(most))
        throw errors.of('bytesBilledLimitExceeded', `Query exceeded limit for bytes billed: ${most}. ${billed} or higher required.`);
      job.result = await engine.session(session => read.run(session), read.parameters);
      for (const table of read.tables) await this.catalog.expire(table);
      return { query: statistics(read, job.result, processed, billed), totalBytesProcessed: String(processed) };
    });
    return job;
  }

  create(project, body, location, type) {
    const id = body.jobReference?.jobId ?? `job_${randomUUID().replaceAll('-', '')}`;
    if (!JOB_ID.test(id))
      throw errors.invalid(`Invalid job ID "${id}". Job IDs must be alphanumeric (plus underscores and dashes) and must be at most 1024 characters long.`);
    const key = `${project}:${location.toUpperCase()}.${id}`;
    if (this.jobs.has(key)) throw errors.duplicate('Job', `${project}:${location}.${id}`);
    const [ended, end] = signal();
    const [cancel, requestCancel] = signal();
    /** @type {Job} */
    const job = {
      key,
      project,
      id,
      location,
      state: 'PENDING',
      read: null,
      configuration: { ...body.configuration, jobType: type },
      statistics: { creationTime: String(Date.now()) },
      error: null,
      cancelled: null,
      ended,
      end,
      cancel,
      requestCancel,
    };
    this.jobs.set(key, job);
    return job;
  }

  /** Runs `work` when the table's earlier jobs have ended. */
  start(job, table, work) {
    const before = (table !== null && this.writers.get(table)) || Promise.resolve();
    const run = this.run(job, before, work);
    if (table !== null) this.writers.set(table, run);
  }

  async run(job, before, work) {
    try {
      await Promise.race([before, job.cancel]);
      await Promise.race([wait(this.delay, job), job.cancel]);
      const timeout = Number(job.configuration.jobTimeoutMs ?? 0);
      if (timeout > 0 && Date.now() - Number(job.statistics.creationTime) > timeout)
        throw errors.of('stopped', `Job execution was cancelled: Job timed out after ${timeout / 1000}s`);
      if (job.cancelled !== null) throw job.cancelled;
      job.state = 'RUNNING';
      job.statistics.startTime = String(Date.now());
      const fault = this.faults.take('job-result') ?? (job.read && this.faults.take('statement', job.read.type));
      if (fault)
        throw new errors.ApiError(fault.status ?? 400, fault.reason ?? 'jobBackendError', fault.message ?? 'The job encountered an error during execution.');
      Object.assign(job.statistics, await work());
    } catch (error) {
      if (!(error instanceof errors.ApiError)) process.stderr.write(`${error.stack}\n`);
      job.error = error instanceof errors.ApiError ? error : errors.of('internalError', error.message);
    }
    job.statistics.startTime ??= String(Date.now());
    job.statistics.endTime = String(Date.now());
    job.state = 'DONE';
    job.read = null; // holds the bound parameters
    job.end();
  }

  /** Without a location only the multi-regions are searched, as BigQuery does. */
  get(project, id, location) {
    for (const it of location === undefined ? ['US', 'EU'] : [location]) {
      const job = this.jobs.get(`${project}:${it.toUpperCase()}.${id}`);
      if (job !== undefined) return job;
    }
    throw errors.notFound('Job', `${project}:${location === undefined ? '' : `${location}.`}${id}`);
  }

  cancel(job) {
    if (job.state === 'DONE') return;
    job.cancelled = errors.of('stopped', 'Job execution was cancelled: User requested cancellation');
    job.requestCancel();
  }

  dryRun(project, body, read, fields, totalBytesProcessed) {
    return {
      dry: true,
      resource: {
        kind: 'bigquery#job',
        jobReference: { projectId: project, location: read.location },
        configuration: { ...body.configuration, jobType: 'QUERY' },
        status: { state: 'DONE' },
        statistics: {
          creationTime: String(Date.now()),
          totalBytesProcessed,
          query: {
            statementType: read.type,
            totalBytesProcessed,
            totalBytesBilled: '0',
            schema: { fields },
            cacheHit: false,
            referencedTables: references(read),
          },
        },
      },
    };
  }
}

function statistics(read, { dmlStats }, processed, billed) {
  return {
    statementType: read.type,
    totalBytesProcessed: String(processed),
    totalBytesBilled: String(billed),
    cacheHit: false,
    referencedTables: references(read),
    ...(dmlStats && { dmlStats, numDmlAffectedRows: affected(dmlStats) }),
  };
}

const affected = stats => String(Object.values(stats).reduce((sum, it) => sum + Number(it), 0));
const references = read => read.tables.map(({ dataset, id }) => ({ projectId: dataset.project, datasetId: dataset.id, tableId: id }));

/** A promise and what fulfils it. @returns {[Promise<void>, () => void]} */
function signal() {
  let fulfil = () => {};
  /** @type {Promise<void>} */
  const promise = new Promise(resolve => {
    fulfil = resolve;
  });
  return [promise, fulfil];
}

/** Milliseconds, ended early by a cancel so that no timer outlives its job. */
function wait(milliseconds, job) {
  return new Promise(resolve => {
    const timer = setTimeout(resolve, milliseconds);
    job.cancel.then(() => clearTimeout(timer));
  });
}

/** The Job resource. */
function resource(job) {
  if ('dry' in job) return job.resource;
  const failed = job.error && { errorResult: job.error.proto, errors: [job.error.proto, ...job.error.others] };
  return {
    kind: 'bigquery#job',
    id: `${job.project}:${job.location}.${job.id}`,
    jobReference: { projectId: job.project, jobId: job.id, location: job.location },
    configuration: job.configuration,
    statistics: job.statistics,
    status: { state: job.state, ...failed },
  };
}

module.exports = { Jobs, resource, affected };
