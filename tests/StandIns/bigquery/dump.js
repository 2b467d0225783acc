'use strict';
// Prints all rows of a table through the official client, one line of JSON each, ordered by that line; JSON columns as their text:
//   node dump.js PORT PROJECT DATASET TABLE [CREDENTIALS.json]
const fs = require('node:fs');
const { connect, main } = require('./client');

main(async ([port, project, dataset, table, credentials]) => {
  const client = connect(port, project, credentials && JSON.parse(fs.readFileSync(credentials, 'utf8')));
  const [{ schema }] = await client.dataset(dataset).table(table).getMetadata();
  const columns = schema.fields.map(it => (it.type === 'JSON' ? `TO_JSON_STRING(\`${it.name}\`) AS \`${it.name}\`` : `\`${it.name}\``));
  const [rows] = await client.query({ query: `SELECT ${columns.join(', ')} FROM \`${project}\`.\`${dataset}\`.\`${table}\``, wrapIntegers: true });
  for (const line of rows.map(plain).sort()) process.stdout.write(`${line}\n`);
});

// The client wraps times and wide integers in objects with a value.
const plain = row => JSON.stringify(Object.fromEntries(Object.entries(row).map(([name, it]) => [name, it?.value ?? it])));
