// @ts-check
'use strict';
// What requests carry.
const zlib = require('node:zlib');
const errors = require('./errors');

const MAX_BODY = 3 << 20; // the API server's own limit

async function read(request) {
  const chunks = [];
  let length = 0;
  for await (const chunk of request) {
    chunks.push(chunk);
    if ((length += chunk.length) > MAX_BODY) throw new errors.ApiError(413, 'RequestEntityTooLarge', `Request entity too large: limit is ${MAX_BODY}`);
  }
  const body = Buffer.concat(chunks);
  return request.headers['content-encoding'] === 'gzip' ? zlib.gunzipSync(body) : body;
}

/** A body of any length, line by line. Only a line feed ends a line: other separators may stand inside of an object. */
async function* linesOf(request) {
  let begun = [];
  for await (const chunk of request) {
    let from = 0;
    for (let to; (to = chunk.indexOf(10, from)) >= 0; from = to + 1) {
      yield Buffer.concat([...begun, chunk.subarray(from, to)]).toString();
      begun = [];
    }
    begun.push(chunk.subarray(from));
  }
  const last = Buffer.concat(begun).toString();
  if (last) yield last;
}

module.exports = { read, linesOf };
