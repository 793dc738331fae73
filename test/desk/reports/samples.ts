const existing = [
  'examples/workload-111122223333-us-east-1.json',
  'examples/log-archive-444455556666-us-east-1.json',
];

/** The options of the samples: flow logs that exist, planned flow logs, and a run with a file that cannot be read. */
export const samples = {
  account: ['--snapshot', ...existing],
  template: ['--template', 'examples/network.yaml'],
  'half-read': ['--template', 'examples/network.yaml', 'package.json'],
} as const;

/** The formats with golden files, and the ends of their names. `GOLDEN=write npx jest test/desk/reports` writes the files. */
export const endings = {
  json: 'json',
  csv: 'csv',
  markdown: 'md',
  sarif: 'sarif',
  junit: 'xml',
  github: 'github.txt',
} as const;
