// @ts-check
'use strict';
// Decodes the BSON documents on standard input, which stand one behind the other, with npm's bson: one line of plain JSON each.
//   node decode.js < documents.bson
const { needed } = require('../program');
const { deserialize } = needed(() => require('bson'));
const { exact, plain } = require('./plain');

const input = require('node:fs').readFileSync(0);
const lines = [];
for (let at = 0; at < input.length;) {
  const end = at + input.readInt32LE(at);
  lines.push(plain(deserialize(input.subarray(at, end), { ...exact, validation: { utf8: true } })), '\n');
  at = end;
}
process.stdout.write(lines.join(''));
