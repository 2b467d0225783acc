// @ts-check
'use strict';
const { Decimal128, DBRef, Double, Int32, Long } = require('bson');

/** Options under which no number is rounded. */
const exact = { promoteValues: false, promoteLongs: false };

const number = value => (Object.is(value, -0) ? '-0' : String(value));

/**
 * Plain JSON: numbers by their digits, dates as ISO text. Unlike Extended JSON it cannot be mistaken for a document that holds names
 * such as $date itself.
 */
function plain(value) {
  if (value === null || typeof value === 'boolean' || typeof value === 'string') return JSON.stringify(value);
  if (value instanceof Int32 || value instanceof Double) return number(value.value);
  if (value instanceof Long || value instanceof Decimal128) return value.toString();
  if (value instanceof Date) return JSON.stringify(value.toISOString());
  if (Array.isArray(value)) return `[${value.map(plain).join(',')}]`;
  if (value instanceof DBRef)
    return members([['$ref', value.collection], ['$id', value.oid], ...(value.db ? [['$db', value.db]] : []), ...Object.entries(value.fields)]);
  if (Object.getPrototypeOf(value) === Object.prototype || Object.hasOwn(value, '__proto__')) return members(Object.entries(value));
  throw new Error(`no JSON for a ${value.constructor.name}`);
}

const members = entries => `{${entries.map(([name, value]) => `${JSON.stringify(name)}:${plain(value)}`).join(',')}}`;

module.exports = { exact, plain };
