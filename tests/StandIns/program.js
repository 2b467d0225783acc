'use strict';
// What all stand-in servers are as programs: one line {"port":N} when ready, an end on SIGTERM or, if so told, with the parent.

function fail(message) {
  process.stderr.write(`${message}\n`);
  process.exit(2);
}

/** Opens a server with listen(port) and close(), and runs it to its end. */
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

module.exports = { fail, run: (open, options) => serve(open, options).catch(error => fail(error.stack)) };
