'use strict';
// Prints all documents of a collection through the official driver, one line of plain JSON each: numbers by their digits, dates as
// ISO text, no _id. Unlike Extended JSON it cannot be mistaken for a document that holds names such as $date itself:
//   node rows.js PORT|URI DB COLLECTION
const { Decimal128, DBRef, Double, Int32, Long } = require('mongodb');
const { withClient } = require('./client');

const number = (value) => (Object.is(value, -0) ? '-0' : String(value));

function plain(value) {
  if (value === null || typeof value === 'boolean' || typeof value === 'string') return JSON.stringify(value);
  if (value instanceof Int32 || value instanceof Double) return number(value.value);
  if (value instanceof Long || value instanceof Decimal128) return value.toString();
  if (value instanceof Date) return JSON.stringify(value.toISOString());
  if (Array.isArray(value)) return `[${value.map(plain).join(',')}]`;
  if (value instanceof DBRef) return members([['$ref', value.collection], ['$id', value.oid], ...(value.db ? [['$db', value.db]] : []), ...Object.entries(value.fields)]);
  if (Object.getPrototypeOf(value) === Object.prototype || Object.hasOwn(value, '__proto__')) return members(Object.entries(value));
  throw new Error(`no JSON for a ${value.constructor.name}`);
}

const members = (entries) => `{${entries.map(([name, value]) => `${JSON.stringify(name)}:${plain(value)}`).join(',')}}`;

withClient(async (client, [db, collection]) => {
  const documents = client.db(db).collection(collection).find({}, { promoteValues: false, promoteLongs: false, projection: { _id: 0 } });
  for await (const document of documents) process.stdout.write(`${plain(document)}\n`);
});
