// Invokes a built function as Lambda does: in a process of its own, once for each event that standard input has. What
// the function answers is one line of standard output, which has the text that Lambda would pass on. The last event may
// fail the process, as an error fails an invocation; of those before it the errors are lines like the answers. Where
// there are `times`, the clock is set to its time before each event, and goes on from there.
const { json } = require('node:stream/consumers');
const { handler } = require(process.argv[2]);

const RealDate = Date;
let ahead = 0;
const now = () => RealDate.now() + ahead;

class SetDate extends RealDate {
  constructor(...given) {
    if (given.length === 0) super(now());
    else super(...given);
  }
  static now() {
    return now();
  }
  static [Symbol.hasInstance](value) {
    return value instanceof RealDate;
  }
}

async function invoke() {
  const { events, times, context, milliseconds } = await json(process.stdin);
  if (times) globalThis.Date = SetDate;
  for (const [at, event] of events.entries()) {
    if (times) ahead = times[at] - RealDate.now();
    const end = Date.now() + milliseconds;
    const getRemainingTimeInMillis = () => end - Date.now();
    const last = at === events.length - 1;
    try {
      const answer = await handler(event, { ...context, getRemainingTimeInMillis });
      if (answer !== undefined) console.log(JSON.stringify({ payload: JSON.stringify(answer) }));
    } catch (error) {
      if (last) throw error;
      console.log(JSON.stringify(errorOf(error)));
    }
  }
}

const errorOf = ({ name, message, stack }) => ({
  errorType: name,
  errorMessage: message,
  trace: stack,
});

// Like Lambda, this waits for nothing that is left behind.
invoke().then(
  () => process.exit(0),
  (error) => {
    console.error(JSON.stringify(errorOf(error)));
    process.exit(1);
  },
);
