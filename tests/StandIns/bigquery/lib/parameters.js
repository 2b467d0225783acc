// @ts-check
'use strict';
// Query parameters of a request, typed and bound: https://cloud.google.com/bigquery/docs/parameterized-queries
const duckdb = require('@duckdb/node-api');
const errors = require('./errors');
const { canonical } = require('./json');
const times = require('./times');
const types = require('./types');

/** The parameters by lower-case name, or by their place from 1: { type, value }. */
function read(query) {
  const given = query.queryParameters ?? [];
  const positional = query.parameterMode === 'POSITIONAL' || (query.parameterMode === undefined && given.length > 0 && !given[0].name);
  const parameters = new Map();
  given.forEach((it, i) => {
    if (!positional && !it.name) throw errors.required('queryParameters.name');
    const name = positional ? String(i + 1) : it.name.toLowerCase();
    if (parameters.has(name)) throw errors.invalid(`Duplicate parameter name: ${it.name}`);
    const type = types.fromParameterType(it.parameterType);
    parameters.set(name, { type, value: bind(type, it.parameterValue ?? {}) });
  });
  return { positional, parameters };
}

function bind(type, given) {
  switch (type.kind) {
    case 'ARRAY':
      return duckdb.listValue((given.arrayValues ?? []).map(it => bind(type.element, it)));
    case 'STRUCT': {
      /** @type {Record<string, any>} */
      const entries = {};
      for (const field of type.fields) entries[field.name] = bind(field.type, given.structValues?.[field.name] ?? {});
      return duckdb.structValue(entries);
    }
    default:
      return given.value === null || given.value === undefined ? null : scalar(type.kind, given.value);
  }
}

/** The engine's value of a scalar's text, as parameters and load files spell it. */
function scalar(kind, given) {
  if (typeof given === 'object') throw errors.invalid(`Invalid value for type ${kind}: text is expected`);
  const text = String(given);
  const wrong = () => errors.invalid(`Invalid value for type ${kind}: ${text.slice(0, 100)}`);
  const or = value => {
    if (value === null) throw wrong();
    return value;
  };
  switch (kind) {
    case 'STRING':
      return text;
    case 'INT64': {
      if (!/^\s*[+-]?\d+\s*$/.test(text)) throw wrong();
      const value = BigInt(text.trim().replace('+', ''));
      if (BigInt.asIntN(64, value) !== value) throw wrong();
      return value;
    }
    case 'FLOAT64': {
      const value = /^[+-]?(inf|infinity)$/i.test(text) ? (text.startsWith('-') ? -Infinity : Infinity) : Number(text);
      if (text.trim() === '' || (Number.isNaN(value) && !/^nan$/i.test(text))) throw wrong();
      return value;
    }
    case 'BOOL': {
      if (!/^(true|false|t|f|yes|no|1|0)$/i.test(text)) throw wrong();
      return /^(true|t|yes|1)$/i.test(text);
    }
    case 'NUMERIC':
    case 'BIGNUMERIC': {
      const match = /^([+-]?)(\d*)(?:\.(\d{0,9}))?$/.exec(text);
      if (match === null || text === '') throw wrong();
      return new duckdb.DuckDBDecimalValue(BigInt(`${match[1]}${match[2] || 0}${(match[3] ?? '').padEnd(9, '0')}`), 38, 9);
    }
    case 'TIMESTAMP':
      return new duckdb.DuckDBTimestampTZValue(or(times.micros(text)));
    case 'DATETIME':
      return new duckdb.DuckDBTimestampValue(or(times.micros(text)));
    case 'DATE':
      return new duckdb.DuckDBDateValue(or(times.days(text)));
    case 'TIME':
      return new duckdb.DuckDBTimeValue(or(times.timeMicros(text)));
    case 'BYTES':
      return new duckdb.DuckDBBlobValue(Buffer.from(text, 'base64'));
    case 'JSON':
      try {
        return canonical(text, false);
      } catch (error) {
        throw errors.invalid(`Invalid value for type JSON: ${error.message}`);
      }
    default:
      throw wrong();
  }
}

module.exports = { read, scalar };
