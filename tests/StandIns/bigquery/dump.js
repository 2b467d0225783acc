// @ts-check
'use strict';
// Prints all rows of a table through the official client, one line of JSON each, in the order of those lines; JSON columns as their text:
//   node dump.js PORT|ADDRESS PROJECT DATASET TABLE [--credentials FILE]
const { needed } = require('../program');
const { main } = needed(() => require('./client'));

main(async (client, table) => {
  const [{ schema }] = await table.getMetadata();
  const columns = schema.fields.map(it => (it.type === 'JSON' ? `TO_JSON_STRING(\`${it.name}\`) AS \`${it.name}\`` : `\`${it.name}\``));
  const [rows] = await client.query({
    query: `SELECT ${columns.join(', ')} FROM \`${client.projectId}\`.\`${table.dataset.id}\`.\`${table.id}\``,
    wrapIntegers: true,
  });
  for (const line of rows.map(plain).sort()) process.stdout.write(`${line}\n`);
});

// The client wraps times and integers in objects with a value.
const plain = row => JSON.stringify(Object.fromEntries(Object.entries(row).map(([name, it]) => [name, it?.value ?? it])));
