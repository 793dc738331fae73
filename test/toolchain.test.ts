import { readFileSync } from 'node:fs';
import { CURRENTLY_RECOMMENDED_FLAGS } from 'aws-cdk-lib/cx-api';
import { readOptions } from '../infra/options/options.ts';
import { allowScripts } from '../package.json';
import { context } from '../cdk.json';

interface Lock {
  readonly packages: Readonly<Record<string, { readonly hasInstallScript?: boolean }>>;
}

describe('a first run prints no warning', () => {
  it('of npm, about install scripts that nobody decided on', () => {
    const { packages } = JSON.parse(readFileSync('package-lock.json', 'utf8')) as Lock;
    const scripts = Object.entries(packages)
      .filter(([, { hasInstallScript }]) => hasInstallScript)
      .map(([path]) => [path.replace(/^.*node_modules\//, ''), false]);
    expect(Object.entries(allowScripts)).toEqual(scripts);
  });

  it('of cdk, about feature flags that nobody decided on', () => {
    expect(Object.keys(context)).toEqual(
      expect.arrayContaining(Object.keys(CURRENTLY_RECOMMENDED_FLAGS)),
    );
  });

  it('of the app, about choices of cdk itself', () => {
    expect(() => readOptions(context)).not.toThrow();
  });
});
