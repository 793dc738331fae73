// Invokes a built function as Lambda does: in a process of its own, once for each event that standard input has.
const { json } = require('node:stream/consumers');
const { handler } = require(process.argv[2]);

async function invoke() {
  const { events, context, milliseconds } = await json(process.stdin);
  for (const event of events) {
    const end = Date.now() + milliseconds;
    await handler(event, { ...context, getRemainingTimeInMillis: () => end - Date.now() });
  }
}

// Like Lambda, this waits for nothing that is left behind.
invoke().then(
  () => process.exit(0),
  ({ name, message, stack }) => {
    console.error(JSON.stringify({ errorType: name, errorMessage: message, trace: stack }));
    process.exit(1);
  },
);
