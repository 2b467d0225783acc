// @ts-check
'use strict';
const { spawn } = require('node:child_process');
const fs = require('node:fs');
const os = require('node:os');
const path = require('node:path');
const { once } = require('node:events');
const { MongoClient } = require('mongodb');

/** A server of its own for a group of tests, with clients that close with it. */
class Running {
  /**
   * @param {string} folder for its log @param {string} log @param {number} port
   * @param {import('node:child_process').ChildProcessByStdio<import('node:stream').Writable, any, null>} child
   */
  constructor(folder, log, port, child) {
    this.folder = folder;
    this.log = log;
    this.port = port;
    this.child = child;
    /** @type {MongoClient[]} */
    this.clients = [];
  }

  static async start(...args) {
    const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'mongodb-proof-'));
    const log = path.join(folder, 'log');
    const script = path.join(__dirname, 'server.js');
    const child = spawn(process.execPath, [script, '--port', '0', '--with-parent', '--log', log, ...args], { stdio: ['pipe', 'pipe', 'inherit'] });
    const [line] = await once(child.stdout, 'data');
    return new Running(folder, log, JSON.parse(line).port, child);
  }

  uri(credentials = '') {
    return `mongodb://${credentials}127.0.0.1:${this.port}/`;
  }

  client(credentials = '', options = {}) {
    const client = new MongoClient(this.uri(credentials), { serverSelectionTimeoutMS: 5000, heartbeatFrequencyMS: 500, ...options });
    this.clients.push(client);
    return client;
  }

  get commands() {
    return fs
      .readFileSync(this.log, 'utf8')
      .split('\n')
      .filter(line => line !== '')
      .map(line => JSON.parse(line));
  }

  /** Directly: a switch can be turned while there is no primary. */
  async fail(point) {
    await this.client('', { directConnection: true }).db('admin').command(point);
  }

  async stop() {
    await Promise.all(this.clients.map(client => client.close()));
    const gone = once(this.child, 'exit');
    this.child.stdin.end();
    await gone;
    fs.rmSync(this.folder, { recursive: true });
  }
}

module.exports = { Running };
