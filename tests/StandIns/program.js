// @ts-check
'use strict';
// What the stand-ins share as programs: a server prints one line {"port":N} when it is ready and ends on SIGTERM or, if so told, with its parent.

/** @param {string | undefined} message @returns {never} */
function fail(message) {
  process.stderr.write(`${message}\n`);
  process.exit(2);
}

/** What ends a program: the package that is missing and how to get it, else where the error came from. @param {Error & { code?: string }} error */
function reason(error) {
  const isMissing = error.code === 'MODULE_NOT_FOUND' || error.code === 'ERR_MODULE_NOT_FOUND';
  const name = isMissing ? /^Cannot find (?:module|package) '([^'./][^']*)'/.exec(error.message)?.[1] : undefined;
  return name === undefined ? error.stack : `the npm package ${name} is missing: run \`npm install\` in tests/StandIns`;
}

/**
 * Loads what needs packages of npm; ends the program where one is missing, so that nothing goes unchecked for want of it.
 * @template T @param {() => T} load @returns {T}
 */
function needed(load) {
  try {
    return load();
  } catch (error) {
    return fail(reason(error));
  }
}

/**
 * Listens on the loopback interface and answers the port.
 * @param {import('node:net').Server} server @param {number} port 0 = a free one @returns {Promise<number>}
 */
function listen(server, port) {
  return new Promise((resolve, reject) =>
    server.once('error', reject).listen(port, '127.0.0.1', () => {
      const address = server.address();
      if (address === null || typeof address === 'string') throw new Error('the server listens on no port');
      resolve(address.port);
    }),
  );
}

/**
 * Opens a server and runs it to its end.
 * @param {() => Opened | Promise<Opened>} open @param {{ port: number, withParent?: boolean }} options
 * @typedef {{ listen(port: number): Promise<number>, close(): void }} Opened
 */
async function serve(open, { port, withParent }) {
  const server = await open();
  const end = () => {
    server.close();
    process.exit(0);
  };
  process.on('SIGTERM', end);
  process.on('SIGINT', end);
  if (withParent) process.stdin.on('end', end).on('error', end).resume();
  process.stdout.write(`${JSON.stringify({ port: await server.listen(port) })}\n`);
}

module.exports = { fail, listen, needed, run: (open, options) => serve(open, options).catch(error => fail(reason(error))) };
