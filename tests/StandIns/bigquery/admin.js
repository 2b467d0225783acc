// @ts-check
'use strict';
// Creates a dataset or a table, or deletes a dataset with all that it holds, through the official client; what to do comes on stdin:
//   node admin.js PORT|ADDRESS PROJECT DATASET TABLE [--credentials FILE] <<< '{"createTable":{"schema":{"fields":[...]}}}'
const fs = require('node:fs');
const { needed } = require('../program');
const { main } = needed(() => require('./client'));

const actions = {
  createDataset: (table, resource) => table.dataset.create(resource),
  createTable: (table, resource) => table.create(resource),
  deleteDataset: table => table.dataset.delete({ force: true }),
};

main(async (client, table) => {
  for (const [action, resource] of Object.entries(JSON.parse(fs.readFileSync(0, 'utf8')))) await actions[action](table, resource);
});
