import { readFileSync } from 'node:fs';

describe('every bundle', () => {
  it.each([
    ['evaluate', '@aws-sdk/client-config-service'],
    ['gate', '@aws-sdk/client-cloudformation'],
    ['mend', '@aws-sdk/client-kms'],
    ['ripple', '@aws-sdk/client-config-service'],
    ['desk', 'commander'],
    ['cdk', 'jsonc-parser'],
  ])('%s has the notices of its packages beside it, such as of %s', (folder, name) => {
    const notices = readFileSync(`dist/${folder}/THIRD-PARTY-NOTICES.txt`, 'utf8');
    expect(notices).toContain(`\n${name} `);
    expect(notices).toContain('Apache License');
  });
});
