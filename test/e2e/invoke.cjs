// Invokes a built function as Lambda does: in a process of its own, once for each event that standard input has. What
// the function answers is one line of standard output, which has the text that Lambda would pass on.
const { json } = require('node:stream/consumers');
const { handler } = require(process.argv[2]);

async function invoke() {
  const { events, context, milliseconds } = await json(process.stdin);
  for (const event of events) {
    const end = Date.now() + milliseconds;
    const getRemainingTimeInMillis = () => end - Date.now();
    const answer = await handler(event, { ...context, getRemainingTimeInMillis });
    if (answer !== undefined) console.log(JSON.stringify({ payload: JSON.stringify(answer) }));
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
