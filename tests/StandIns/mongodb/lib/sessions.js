// @ts-check
'use strict';
const { member } = require('./raw');
const { CommandError } = require('./errors');

/** What retryable writes remember: per session the newest transaction number and what each of its statements did. */
class Sessions {
  constructor() {
    this.sessions = new Map();
  }

  /** The finished statements of the command's transaction number; undefined where the write is not retryable. */
  statementsOf(command) {
    const number = command.get('txnNumber');
    if (number === undefined) return undefined;
    if (command.get('startTransaction') !== undefined || command.get('autocommit') !== undefined)
      throw new CommandError(20, 'this server has no multi-document transactions');
    const id = member(command.get('lsid'), 'id').bytes.toString('hex');
    const txnNumber = number.buf.readBigInt64LE(number.start);
    const session = this.sessions.get(id);
    if (session !== undefined && txnNumber < session.txnNumber)
      throw new CommandError(
        225,
        `Retryable write with txnNumber ${txnNumber} is prohibited on session because ` +
          `a newer retryable write with txnNumber ${session.txnNumber} has already started on this session.`,
      );
    if (session !== undefined && txnNumber === session.txnNumber) return session.statements;
    const statements = new Map();
    this.sessions.set(id, { txnNumber, statements });
    return statements;
  }

  end(lsids) {
    for (const lsid of lsids) this.sessions.delete(member(lsid, 'id').bytes.toString('hex'));
  }
}

module.exports = { Sessions };
