import type { CheckCode } from './verdict.ts';

/** The home of the project, as in package.json. */
export const HOMEPAGE = 'https://github.com/flow-log-key-rule/flow-log-key-rule';

/** The page of a check: what the check means, and how to mend the cause. The list of pages where no check fails. */
export const pageOf = (check: CheckCode | null): string =>
  `${HOMEPAGE}/blob/main/docs/checks/${check === null ? 'README.md' : `${check}.md`}`;
