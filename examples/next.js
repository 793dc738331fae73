// The next steps after the demonstration of `npm start`.
console.log(`
That was a sample: two AWS Config snapshots in examples/. Next:

  your own account   npm run -s flow-log-key -- check --live
  a snapshot file    npm run -s flow-log-key -- check --snapshot FILE
  all options        npm run -s flow-log-key -- check --help`);
