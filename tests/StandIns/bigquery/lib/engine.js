// @ts-check
'use strict';
// The embedded SQL engine: one database in memory, a connection a job.
const duckdb = require('@duckdb/node-api');
const types = require('./types');
const { bindName } = require('./sql/translate');
const { register } = require('./sql/udf');

const SETTINGS = [
  "SET TimeZone = 'UTC'",
  "SET default_null_order = 'nulls_first_on_asc_last_on_desc'", // GoogleSQL: NULL is the smallest value
];

class Engine {
  /** @param {duckdb.DuckDBInstance} instance */
  constructor(instance) {
    this.instance = instance;
  }

  static async open() {
    const engine = new Engine(await duckdb.DuckDBInstance.create(':memory:', { threads: '2' }));
    register(await engine.instance.connect());
    return engine;
  }

  /** Runs `work` on a connection of its own. @param parameters of the query, by name or place. */
  async session(work, parameters = new Map()) {
    const connection = await this.instance.connect();
    try {
      for (const it of SETTINGS) await connection.run(it);
      const bound = new Map([...parameters].map(([key, it]) => [bindName(key), { value: it.value, type: types.engineType(it.type) }]));
      return await work(new Session(connection, bound));
    } finally {
      connection.closeSync();
    }
  }
}

class Session {
  /** @param {duckdb.DuckDBConnection} connection @param {Map<string, { value: any, type: duckdb.DuckDBType }>} parameters */
  constructor(connection, parameters) {
    this.connection = connection;
    this.parameters = parameters;
  }

  /** Columns of a query that is not run: [{ name, type }]. Each parameter is a NULL of its type: unbound ones leave columns without a type. */
  async describe(sql) {
    return columns(await this.connection.prepare(sql.replaceAll(/\$p_[0-9a-f]+\b/g, 'NULL')));
  }

  /** { rows, changed }: rows as arrays of the engine's values. */
  async query(sql) {
    const prepared = await this.connection.prepare(sql);
    for (let i = 1; i <= prepared.parameterCount; i++) {
      const { value, type } = this.parameters.get(prepared.parameterName(i)) ?? unbound(prepared.parameterName(i));
      prepared.bindValue(i, value, type);
    }
    const result = await prepared.runAndReadAll();
    return { rows: result.getRows(), changed: Number(result.rowsChanged ?? 0) };
  }

  /** All or nothing. */
  async transaction(work) {
    await this.connection.run('BEGIN TRANSACTION');
    try {
      const result = await work();
      await this.connection.run('COMMIT');
      return result;
    } catch (error) {
      await this.connection.run('ROLLBACK').catch(() => {});
      throw error;
    }
  }
}

/** @returns {never} */
function unbound(name) {
  throw new Error(`no value for the parameter ${name}`);
}

function columns(prepared) {
  return Array.from({ length: prepared.columnCount }, (_, i) => ({ name: prepared.columnName(i), type: types.fromEngine(prepared.columnType(i)) }));
}

module.exports = { Engine };
