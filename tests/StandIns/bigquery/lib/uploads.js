// @ts-check
'use strict';
// Media uploads, multipart and resumable: https://cloud.google.com/bigquery/docs/reference/api-uploads
const { randomUUID } = require('node:crypto');
const errors = require('./errors');

/** Splits a multipart/related body: { metadata, media }. */
function multipart(contentType, body) {
  const [, quoted, bare] = /boundary=(?:"([^"]+)"|([^;\s]+))/i.exec(contentType ?? '') ?? [];
  const mark = quoted ?? bare;
  if (mark === undefined) throw errors.invalid('Missing multipart boundary');
  const parts = [];
  for (let from = body.indexOf(`--${mark}`); ;) {
    const start = body.indexOf('\r\n\r\n', from) + 4;
    const end = body.indexOf(`\r\n--${mark}`, start - 2);
    if (from === -1 || start < 4 || end === -1) throw errors.invalid('Malformed multipart body.');
    parts.push(body.subarray(start, Math.max(start, end)));
    from = end + 2;
    if (body.subarray(from + mark.length + 2, from + mark.length + 4).toString() === '--') break;
  }
  if (parts.length !== 2) throw errors.invalid('A multipart upload needs two parts');
  return { metadata: json(parts[0]), media: parts[1] };
}

class Uploads {
  constructor() {
    this.sessions = new Map();
  }

  /** Starts a resumable session and answers its id. */
  begin(project, metadata) {
    const id = randomUUID();
    this.sessions.set(id, { project, metadata, chunks: [], size: 0, done: null });
    return id;
  }

  /** Takes a chunk and answers { session, complete }. A Content-Range that names no bytes asks how much has arrived. */
  put(id, range, body) {
    const session = this.sessions.get(id);
    if (session === undefined) throw errors.notFound('Upload', id);
    const match = /^bytes (?:(\d+)-(\d+)|\*)\/(\d+|\*)$/.exec(range ?? `bytes 0-${body.length - 1}/${body.length}`);
    if (match === null && body.length > 0) throw errors.invalid(`Invalid Content-Range: ${range}`);
    const [, first, , total] = match ?? [undefined, undefined, undefined, '0'];
    if (first !== undefined) {
      if (Number(first) > session.size) throw errors.invalid(`Invalid Content-Range: ${range}, ${session.size} bytes have arrived`);
      const fresh = body.subarray(session.size - Number(first));
      session.chunks.push(fresh);
      session.size += fresh.length;
    }
    return { session, complete: total !== '*' && session.size >= Number(total) };
  }
}

function json(buffer) {
  try {
    return JSON.parse(buffer.length === 0 ? '{}' : buffer.toString('utf8'));
  } catch (error) {
    throw errors.of('parseError', `Invalid JSON payload received. ${error.message}`);
  }
}

module.exports = { Uploads, multipart, json };
