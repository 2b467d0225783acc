// @ts-check
'use strict';
const { setTimeout: sleep } = require('node:timers/promises');
const { Double } = require('bson');
const { each, encode, MalformedBson } = require('./raw');
const { parseRequest, formatReply, HeaderBytes, MaxMessageBytes } = require('./wire');
const { commands, generic } = require('./commands');
const { refuseCollation } = require('./commands/arguments');
const { CommandError, codeName } = require('./errors');
const { injected, injectedConcern } = require('./failpoints');
const { show } = require('./order');

let lastConnection = 0;

/** One client's connection: cuts the bytes into messages, and answers them one after the other. */
class Connection {
  constructor(server, socket) {
    this.server = server;
    this.socket = socket;
    this.id = ++lastConnection;
    this.user = undefined;
    this.appName = undefined;
    this.chunks = [];
    this.received = 0;
    this.busy = false;
    socket.setNoDelay?.(true);
    socket.on('data', chunk => this.receive(chunk));
    socket.on('error', () => {}); // a client that went away is none of our concern
    socket.on('close', () => {
      this.closed = true;
      server.connections.delete(this);
    });
  }

  close() {
    this.closed = true;
    this.socket.destroy();
  }

  receive(chunk) {
    if (this.server.failPoints.crosses(chunk.length)) {
      this.close();
      return;
    }
    this.chunks.push(chunk);
    this.received += chunk.length;
    if (!this.busy) this.work();
  }

  /** Answers whole messages in order; a blocked command holds up those behind it on the same connection, and no other. */
  async work() {
    this.busy = true;
    try {
      for (let message; !this.closed && (message = this.nextMessage()) !== undefined;) {
        const waiting = this.answer(message);
        if (waiting !== undefined) await waiting;
      }
    } catch (error) {
      // The server closes a connection that sends what is no message. Anything else is our own mistake.
      if (!(error instanceof MalformedBson || error instanceof RangeError)) process.stderr.write(`${error.stack}\n`);
      this.close();
    } finally {
      this.busy = false;
    }
  }

  nextMessage() {
    if (this.received < HeaderBytes) return undefined;
    if (this.chunks[0].length < HeaderBytes) this.chunks = [Buffer.concat(this.chunks)];
    const size = this.chunks[0].readInt32LE(0);
    if (size < HeaderBytes || size > MaxMessageBytes) throw new MalformedBson(`a message of ${size} bytes`);
    if (this.received < size) return undefined;
    const all = this.chunks.length === 1 ? this.chunks[0] : Buffer.concat(this.chunks);
    this.received = all.length - size;
    this.chunks = this.received === 0 ? [] : [all.subarray(size)];
    return all.subarray(0, size);
  }

  /** Answers one message; a promise only where a fail point makes it wait. */
  answer(message) {
    let request;
    try {
      request = parseRequest(message);
    } catch (error) {
      if (!(error instanceof CommandError)) throw error;
      this.socket.write(formatReply({ requestId: message.readInt32LE(4), legacy: false }, encode(error.answer)));
      return undefined;
    }
    const { command } = request;
    const fault = this.server.failPoints.forCommand(command, this.appName);
    if (fault?.blockConnection) return sleep(fault.blockTimeMS).then(() => this.finish(request, message.length, fault));
    this.finish(request, message.length, fault);
    return undefined;
  }

  finish(request, bytes, fault) {
    const { command } = request;
    const context = { server: this.server, connection: this, operators: new Set(), ops: undefined };
    if (fault?.closeConnection) {
      this.log(context, command, bytes, { ok: 0, closed: true });
      this.close();
      return;
    }
    /** @type {Record<string, any>} */
    const answer = fault?.errorCode !== undefined ? injected(fault, command) : this.run(context, command);
    if (fault?.writeConcernError !== undefined) Object.assign(answer, injectedConcern(fault, command));
    answer.ok = new Double(answer.ok); // a double on the wire, as the server sends it
    const dropped = this.server.failPoints.dropsReply(command);
    this.log(context, command, bytes, dropped ? { ...answer, closed: true } : answer);
    if (dropped) this.close();
    else if (!request.silent) this.socket.write(formatReply(request, encode(answer)));
  }

  /** The answer of a command, whether it went well or not. */
  run(context, command) {
    try {
      const definition = commands.get(command.name);
      if (definition === undefined) throw new CommandError(59, `no such command: '${command.name}'`);
      this.requireRights(definition, command);
      each(command.body, name => {
        if (name !== command.name && !definition.fields.has(name) && !generic.has(name))
          throw new CommandError(40415, `BSON field '${command.name}.${name}' is an unknown field.`);
      });
      refuseCollation(command.get('collation'));
      this.requirePrimary(definition, command);
      const answer = definition.run(context, command);
      const unsatisfied = definition.writes ? writeConcernError(command) : undefined;
      return unsatisfied === undefined ? answer : { ...answer, writeConcernError: unsatisfied };
    } catch (error) {
      if (error instanceof CommandError) return error.answer;
      process.stderr.write(`${error.stack}\n`);
      return new CommandError(1, `${error}`).answer;
    }
  }

  requireRights(definition, command) {
    if (!this.server.demandsAuthentication || definition.open) return;
    if (this.user === undefined) throw new CommandError(13, `Command ${command.name} requires authentication`);
    if (this.user.actions === undefined || definition.actions === undefined) return;
    if (!definition.actions(command).every(action => this.user.actions.has(action)))
      throw new CommandError(13, `not authorized on ${command.db} to execute command ${show(command.body)}`);
  }

  requirePrimary(definition, command) {
    const { failPoints, replicaSet } = this.server;
    if (replicaSet === '' && command.get('txnNumber') !== undefined)
      throw new CommandError(20, 'Transaction numbers are only allowed on a replica set member or mongos');
    if (!failPoints.isSecondary) return;
    if (definition.writes) {
      failPoints.take('becomeSecondary');
      throw new CommandError(10107, 'not primary', labelled(command));
    }
    const preference = command.plain('$readPreference', { mode: 'primary' }).mode;
    if (definition.reads && preference === 'primary') throw new CommandError(13435, 'not primary and secondaryOk=false');
  }

  /**
   * One line for each command: t (ms since 1970), conn, command, db, collection, ops (statements of a write), bytes (of the whole message), ok, code,
   * writeErrors (the different codes of failed statements), closed (a fault closed the connection), operators (query operators in its filters).
   */
  log(context, command, bytes, answer) {
    const { server, operators, ops } = context;
    server.log({
      t: Date.now(),
      conn: this.id,
      command: command.name,
      db: command.db,
      collection: command.name === 'getMore' ? command.plain('collection') : command.collection,
      ops,
      bytes,
      ok: Number(answer.ok),
      code: answer.code,
      writeErrors: answer.writeErrors && [...new Set(answer.writeErrors.map(it => it.code))],
      closed: answer.closed,
      operators: operators.size > 0 ? [...operators].sort() : undefined,
    });
  }
}

const labelled = command => (command.get('txnNumber') !== undefined ? { errorLabels: ['RetryableWriteError'] } : {});

/** A set of one member can acknowledge `w: 1` and `majority`. */
function writeConcernError(command) {
  const w = command.plain('writeConcern', {}).w ?? 1;
  if (typeof w === 'number' && w > 1) return { code: 100, codeName: codeName(100), errmsg: 'Not enough data-bearing nodes' };
  if (typeof w === 'string' && w !== 'majority')
    return { code: 79, codeName: codeName(79), errmsg: `No write concern mode named '${w}' found in replica set configuration` };
  return undefined;
}

module.exports = { Connection };
