// @ts-check
'use strict';
const fs = require('node:fs');
const net = require('node:net');
const tls = require('node:tls');
const { BSON } = require('bson');
const { Catalog } = require('./catalog');
const { Connection } = require('./connection');
const { Cursors } = require('./cursors');
const { FailPoints } = require('./failpoints');
const { Sessions } = require('./sessions');
const { credentials } = require('./scram');
const { listen } = require('../../program');

/**
 * @typedef {object} Options
 * @property {number} port 0 = a free one
 * @property {boolean} withParent end with the standard input
 * @property {{ name: string, password: string, actions?: Set<string> }[]} users none = no authentication; without actions a user may do all
 * @property {{ cert?: Buffer, key?: Buffer }} [tls] PEM
 * @property {string} [replicaSet] name of the set whose primary this is; '' = a standalone server
 * @property {string[]} [members] further members of the set, host:port each
 * @property {string} [log] a file for one line of JSON per command
 */

/** One MongoDB server in memory. */
class Server {
  /** @param {Options} options */
  constructor({ users, tls: secure, replicaSet = 'rs0', members = [], log }) {
    this.replicaSet = replicaSet;
    this.members = members;
    this.catalog = new Catalog();
    this.cursors = new Cursors();
    this.sessions = new Sessions();
    this.failPoints = new FailPoints();
    this.electionId = new BSON.ObjectId('7fffffff0000000000000001');
    this.users = new Map(users.map(({ name, password, actions }) => [name, { name, actions, credentials: credentials(password) }]));
    this.actions = [
      'find',
      'insert',
      'update',
      'remove',
      'createCollection',
      'createIndex',
      'dropCollection',
      'dropIndex',
      'dropDatabase',
      'listCollections',
      'listIndexes',
      'listDatabases',
    ];
    this.logFile = log === undefined ? undefined : fs.openSync(log, 'a');
    this.connections = new Set();
    const accept = socket => {
      this.connections.add(new Connection(this, socket));
    };
    this.listener = secure ? tls.createServer(secure, accept) : net.createServer(accept);
  }

  get demandsAuthentication() {
    return this.users.size > 0;
  }

  findUser(name) {
    return this.users.get(name);
  }

  timestamp() {
    return new BSON.Timestamp({ t: Math.floor(Date.now() / 1000), i: 1 });
  }

  /** Listens on the loopback interface and answers the port. @param {number} port */
  async listen(port) {
    const own = await listen(this.listener, port);
    this.address = `127.0.0.1:${own}`;
    return own;
  }

  /** Written before the answer is sent, so that who has the answer finds the line. */
  log(line) {
    if (this.logFile !== undefined) fs.writeSync(this.logFile, `${JSON.stringify(line)}\n`);
  }

  close() {
    this.listener.close();
    for (const connection of this.connections) connection.close();
  }
}

module.exports = { Server };
