'use strict';

const errors = require('./errors');

/**
 * Partial response (Google Cloud APIs, "System parameters": fields; its form: `a,b(c,d/e)`, where `a/b` is `a(b)` and `*` is every name): only the named
 * fields of an answer.
 */
function partial(body, fields) {
  const tokens = fields.match(/[^,()/]+|[,()/]/g) ?? [];
  const wanted = list(tokens);
  if (tokens.length > 0) throw errors.of('invalidParameter', `Invalid field selection ${fields}`, { location: 'fields' });
  return select(body, wanted);
}

/** The tokens up to a closing parenthesis, as a map: name -> map of the names within it; an empty map is everything. */
function list(tokens) {
  const names = new Map();
  do {
    if (tokens[0] === ',') tokens.shift();
    path(tokens, names);
  } while (tokens[0] === ',');
  return names;
}

function path(tokens, names) {
  const within = names.get(tokens[0]) ?? new Map();
  names.set(tokens.shift(), within);
  if (tokens[0] === '/') {
    tokens.shift();
    path(tokens, within);
  } else if (tokens[0] === '(') {
    tokens.shift();
    for (const [name, more] of list(tokens)) within.set(name, more);
    if (tokens[0] === ')') tokens.shift();
  }
}

function select(value, wanted) {
  if (wanted.size === 0 || value === null || typeof value !== 'object') return value;
  if (Array.isArray(value)) return value.map(item => select(item, wanted));
  const named = Object.entries(value).filter(([name]) => wanted.has(name) || wanted.has('*'));
  return Object.fromEntries(named.map(([name, it]) => [name, select(it, wanted.get(name) ?? wanted.get('*'))]));
}

module.exports = { partial };
