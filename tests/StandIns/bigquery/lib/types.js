// @ts-check
'use strict';
// The types of GoogleSQL, in their four spellings: a table's schema, a query parameter's type, an engine's type, and text.
// In between a type is { kind, fields?, element? }: kind is GoogleSQL's name; fields of a STRUCT are { name, type, required? }.
const duckdb = require('@duckdb/node-api');
const errors = require('./errors');

// GoogleSQL's name -> the engine's SQL name and type. TIMESTAMP is an instant, DATETIME is not.
const SCALARS = {
  STRING: ['VARCHAR', duckdb.VARCHAR],
  BYTES: ['BLOB', duckdb.BLOB],
  INT64: ['BIGINT', duckdb.BIGINT],
  FLOAT64: ['DOUBLE', duckdb.DOUBLE],
  BOOL: ['BOOLEAN', duckdb.BOOLEAN],
  NUMERIC: ['DECIMAL(38, 9)', duckdb.DECIMAL(38, 9)],
  BIGNUMERIC: ['DECIMAL(38, 9)', duckdb.DECIMAL(38, 9)],
  TIMESTAMP: ['TIMESTAMPTZ', duckdb.TIMESTAMPTZ],
  DATETIME: ['TIMESTAMP', duckdb.TIMESTAMP],
  DATE: ['DATE', duckdb.DATE],
  TIME: ['TIME', duckdb.TIME],
  JSON: ['JSON', duckdb.VARCHAR],
};

// Names that the schema of a table uses besides GoogleSQL's, and aliases in statements.
const ALIASES = {
  INTEGER: 'INT64',
  INT: 'INT64',
  SMALLINT: 'INT64',
  BIGINT: 'INT64',
  TINYINT: 'INT64',
  BYTEINT: 'INT64',
  FLOAT: 'FLOAT64',
  BOOLEAN: 'BOOL',
  DECIMAL: 'NUMERIC',
  BIGDECIMAL: 'BIGNUMERIC',
  RECORD: 'STRUCT',
};

// tables.get answers the legacy names, whatever the table was made with.
const SCHEMA_NAMES = { INT64: 'INTEGER', FLOAT64: 'FLOAT', BOOL: 'BOOLEAN', STRUCT: 'RECORD' };

const named = name => ALIASES[name.toUpperCase()] ?? name.toUpperCase();
const array = element => ({ kind: 'ARRAY', element });

/** GoogleSQL's own text: ARRAY<STRUCT<a STRING>>. */
function text(type) {
  if (type.kind === 'ARRAY') return `ARRAY<${text(type.element)}>`;
  if (type.kind === 'STRUCT') return `STRUCT<${type.fields.map(it => `${it.name} ${text(it.type)}`).join(', ')}>`;
  return type.kind;
}

const quote = name => `"${name.replaceAll('"', '""')}"`;

/** The engine's SQL. */
function engineSql(type) {
  if (type.kind === 'ARRAY') return `${engineSql(type.element)}[]`;
  if (type.kind === 'STRUCT') return `STRUCT(${type.fields.map(it => `${quote(it.name)} ${engineSql(it.type)}`).join(', ')})`;
  return SCALARS[type.kind][0];
}

/** The engine's type of a bound value; JSON is bound as its text. */
function engineType(type) {
  if (type.kind === 'ARRAY') return duckdb.LIST(engineType(type.element));
  if (type.kind === 'STRUCT') return duckdb.STRUCT(Object.fromEntries(type.fields.map(it => [it.name, engineType(it.type)])));
  return SCALARS[type.kind][1];
}

/** What the engine says of a result's column, or null where GoogleSQL has no such type. */
function fromEngine(type) {
  const Id = duckdb.DuckDBTypeId;
  switch (type.typeId) {
    case Id.VARCHAR:
      return { kind: type.alias === 'JSON' ? 'JSON' : 'STRING' };
    case Id.BLOB:
      return { kind: 'BYTES' };
    case Id.TINYINT:
    case Id.SMALLINT:
    case Id.INTEGER:
    case Id.BIGINT:
    case Id.HUGEINT:
    case Id.UTINYINT:
    case Id.USMALLINT:
    case Id.UINTEGER:
    case Id.UBIGINT:
    case Id.SQLNULL:
      return { kind: 'INT64' };
    case Id.FLOAT:
    case Id.DOUBLE:
      return { kind: 'FLOAT64' };
    case Id.BOOLEAN:
      return { kind: 'BOOL' };
    case Id.DECIMAL:
      return { kind: 'NUMERIC' };
    case Id.TIMESTAMP_TZ:
      return { kind: 'TIMESTAMP' };
    case Id.TIMESTAMP:
      return { kind: 'DATETIME' };
    case Id.DATE:
      return { kind: 'DATE' };
    case Id.TIME:
      return { kind: 'TIME' };
    case Id.LIST:
      return array(fromEngine(type.valueType));
    case Id.STRUCT:
      return { kind: 'STRUCT', fields: type.entryNames.map((name, i) => ({ name, type: fromEngine(type.entryTypes[i]) })) };
    default:
      return null;
  }
}

/** A field of a table's schema: { name, type, mode, fields }. */
function fromField(field) {
  const kind = named(field.type ?? '');
  if (kind !== 'STRUCT' && !(kind in SCALARS)) throw errors.invalid(`Invalid value for type: ${field.type} is not a valid value`);
  const type =
    kind === 'STRUCT' ? { kind, fields: (field.fields ?? []).map(it => ({ name: it.name, type: fromField(it), required: it.mode === 'REQUIRED' })) } : { kind };
  return field.mode === 'REPEATED' ? array(type) : type;
}

/** A field of a schema, as tables.get and results carry it. */
function toField(name, type, mode = 'NULLABLE', legacyNames = true) {
  const repeated = type.kind === 'ARRAY';
  const inner = repeated ? type.element : type;
  return {
    name,
    type: (legacyNames && SCHEMA_NAMES[inner.kind]) || inner.kind,
    mode: repeated ? 'REPEATED' : mode,
    ...(inner.kind === 'STRUCT' && { fields: inner.fields.map(it => toField(it.name, it.type)) }),
  };
}

/** A query parameter's parameterType. */
function fromParameterType(type) {
  if (typeof type?.type !== 'string') throw errors.required('parameterType.type');
  const kind = named(type.type);
  if (kind === 'ARRAY') {
    const element = fromParameterType(type.arrayType);
    if (element.kind === 'ARRAY') throw errors.invalid('Arrays of arrays are not supported.');
    return array(element);
  }
  if (kind === 'STRUCT') return { kind, fields: (type.structTypes ?? []).map(it => ({ name: it.name ?? '', type: fromParameterType(it.type) })) };
  if (!(kind in SCALARS)) throw errors.invalid(`Invalid parameter type: ${type.type}`);
  return { kind };
}

module.exports = { SCALARS, named, array, text, quote, engineSql, engineType, fromEngine, fromField, toField, fromParameterType };
