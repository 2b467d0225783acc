// @ts-check
'use strict';
// Rows as results carry them: { f: [{ v }] }. A scalar is text, an array a list of { v }, a struct a row again.
const times = require('./times');

/** @param {{ int64?: boolean, iso?: boolean }} format how a TIMESTAMP is written; seconds in scientific notation by default. */
function encode(types, rows, format = {}) {
  return rows.map(row => ({ f: row.map((value, i) => ({ v: encodeValue(types[i], value, format) })) }));
}

function encodeValue(type, value, format) {
  if (value === null || value === undefined) return type.kind === 'ARRAY' ? [] : null;
  switch (type.kind) {
    case 'ARRAY':
      return value.items.map(it => ({ v: encodeValue(type.element, it, format) }));
    case 'STRUCT':
      return { f: type.fields.map(it => ({ v: encodeValue(it.type, value.entries[it.name], format) })) };
    case 'BYTES':
      return Buffer.from(value.bytes).toString('base64');
    case 'FLOAT64':
      return Number.isInteger(value) && Math.abs(value) < 1e15 ? value.toFixed(1) : String(value);
    case 'NUMERIC':
    case 'BIGNUMERIC':
      return String(value).includes('.') ? String(value).replace(/\.?0+$/, '') : String(value);
    case 'TIMESTAMP':
      if (format.int64) return String(value.micros);
      return format.iso ? `${times.dateTimeText(value.micros)}Z` : times.scientificSeconds(value.micros);
    case 'DATETIME':
      return times.dateTimeText(value.micros);
    case 'DATE':
      return times.dateText(value.days);
    case 'TIME':
      return times.timeText(value.micros);
    default:
      return String(value);
  }
}

/** From a request's formatOptions, which are objects in a body and dotted names in a query string. */
function formatOf(options) {
  const output = options?.timestampOutputFormat;
  return { iso: output === 'ISO8601_STRING', int64: output === 'INT64' || (output !== 'ISO8601_STRING' && String(options?.useInt64Timestamp) === 'true') };
}

module.exports = { encode, formatOf };
