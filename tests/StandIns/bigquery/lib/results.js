// @ts-check
'use strict';
// What jobs.query and jobs.getQueryResults answer: a page of rows, or that the job still runs.
const errors = require('./errors');
const { affected, resource } = require('./jobs');
const rows = require('./rows');

const PATIENCE = 10_000; // milliseconds a call waits for its job by default
const PAGE_BYTES = 10 * 1024 * 1024; // a page's size: https://cloud.google.com/bigquery/docs/paging-results

/** @param options timeoutMs, maxResults, startIndex, pageToken, and how times are written */
async function page(job, options, format) {
  const timeout = Number(options.timeoutMs ?? PATIENCE);
  let timer;
  await Promise.race([
    job.ended,
    new Promise(resolve => {
      timer = setTimeout(resolve, timeout);
    }),
  ]);
  clearTimeout(timer);
  const { jobReference } = resource(job);
  if (job.state !== 'DONE') return { jobReference, jobComplete: false };
  if (job.error !== null) throw job.error;
  if (job.result === undefined) throw errors.invalid(`Cannot get query results of a job of type ${job.configuration.jobType}`);
  const { query } = job.statistics;
  const common = { jobReference, jobComplete: true, totalBytesProcessed: query.totalBytesProcessed, cacheHit: false };
  const { dmlStats, fields, types, rows: all } = job.result;
  if (all === undefined) return { ...common, schema: {}, totalRows: '0', ...(dmlStats && { dmlStats, numDmlAffectedRows: affected(dmlStats) }) };
  const from = options.pageToken === undefined ? Number(options.startIndex ?? 0) : offset(options.pageToken);
  const { items, next } = cut(all, from, Number(options.maxResults ?? Infinity), it => rows.encode(types, [it], format)[0]);
  return {
    ...common,
    schema: { fields },
    totalRows: String(all.length),
    ...(items.length > 0 && { rows: items }),
    ...(next < all.length && Number(options.maxResults) !== 0 && { pageToken: token(next) }),
  };
}

/** As many rows as a page holds, by count and by bytes; at least one. */
function cut(all, from, most, encode) {
  const items = [];
  let bytes = 0;
  let next = from;
  while (next < all.length && items.length < most && bytes < PAGE_BYTES) {
    const item = encode(all[next++]);
    bytes += JSON.stringify(item).length;
    items.push(item);
  }
  return { items, next };
}

const token = at => Buffer.from(`page:${at}`).toString('base64url');

function offset(text) {
  const match = /^page:(\d+)$/.exec(Buffer.from(text, 'base64url').toString());
  if (match === null) throw errors.invalid(`Invalid page token: ${text}`);
  return Number(match[1]);
}

module.exports = { page, cut, token, offset };
