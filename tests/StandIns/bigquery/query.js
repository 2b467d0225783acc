// @ts-check
'use strict';
// Runs the statement of standard input through the official client:
//   node query.js PORT|ADDRESS PROJECT DATASET TABLE [--credentials FILE] <<< 'DELETE FROM ...'
const fs = require('node:fs');
const { needed } = require('../program');
const { main } = needed(() => require('./client'));

main(client => client.query({ query: fs.readFileSync(0, 'utf8') }));
