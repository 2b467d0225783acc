// @ts-check
'use strict';
// Functions of GoogleSQL that the engine lacks or means otherwise, as scalar functions of the engine.
const duckdb = require('@duckdb/node-api');
const { canonical } = require('../json');

const FUNCTIONS = {
  bq_parse_json: (text, mode) => {
    if (mode !== 'exact' && mode !== 'round') throw new Error(`Invalid wide_number_mode: ${mode}; must be one of 'exact', 'round'`);
    try {
      return canonical(text, mode === 'round');
    } catch (error) {
      throw new Error(`Invalid input to PARSE_JSON: ${error.message}; error in PARSE_JSON expression`);
    }
  },
  // A scalar's text; null for an object, an array and JSON's null.
  bq_json_value: (text, path) => {
    const it = at(text, path);
    return it === undefined || it === null || typeof it === 'object' ? null : String(it);
  },
  bq_json_query: (text, path) => {
    const it = at(text, path);
    return it === undefined ? null : canonical(JSON.stringify(it), true);
  },
  bq_json_type: text => {
    const it = JSON.parse(text);
    return it === null ? 'null' : Array.isArray(it) ? 'array' : typeof it;
  },
};

/** The value at $.a.b[0]."c d" of a JSON text; undefined where there is none. Numbers are doubles here: no path of ours reads wider ones. */
function at(text, path) {
  if (!/^\$(?:\.(?:[^.[\]"]+|"(?:[^"\\]|\\.)*")|\[\d+\])*$/.test(path)) throw new Error(`Invalid JSONPath expression: ${path}`);
  let it = JSON.parse(text);
  for (const [, name, quoted, index] of path.matchAll(/\.(?:([^.[\]"]+)|("(?:[^"\\]|\\.)*"))|\[(\d+)\]/g)) {
    const key = index === undefined ? (name ?? JSON.parse(quoted)) : Number(index);
    if (it === null || typeof it !== 'object' || Array.isArray(it) !== (index !== undefined) || !Object.hasOwn(it, key)) return undefined;
    it = it[key];
  }
  return it;
}

function register(connection) {
  for (const [name, body] of Object.entries(FUNCTIONS))
    connection.registerScalarFunction(
      duckdb.DuckDBScalarFunction.create({
        name,
        parameterTypes: Array.from({ length: body.length }, () => duckdb.VARCHAR),
        returnType: duckdb.VARCHAR,
        mainFunction: (_, input, output) => {
          const columns = Array.from({ length: body.length }, (_, i) => input.getColumnVector(i));
          for (let row = 0; row < input.rowCount; row++) {
            const values = columns.map(it => it.getItem(row));
            output.setItem(row, values.includes(null) ? null : body(...values));
          }
          output.flush();
        },
      }),
    );
}

module.exports = { register };
