// Tells the bench at the end of a process how much CPU and memory the process took.
const { writeSync } = require('node:fs');

process.on('exit', () => {
  const { userCPUTime, systemCPUTime, maxRSS } = process.resourceUsage();
  writeSync(
    3,
    JSON.stringify({ seconds: (userCPUTime + systemCPUTime) / 1e6, mib: maxRSS / 1024 }),
  );
});
