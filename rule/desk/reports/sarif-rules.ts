import type { ReportingDescriptor } from 'sarif';
import { checks } from '../../judge/decide.ts';
import { HOMEPAGE, pageOf } from '../../model/check-page.ts';

/** The rule of results for input that could not be read. */
export const UNREADABLE = 'unreadable-input';

/** A rule for each check, in the order of the checks, and one for unreadable input. */
export const sarifRules: readonly ReportingDescriptor[] = [
  ...checks.map(({ code, title }) => ({
    ...descriptor(code, title),
    helpUri: pageOf(code),
    help: {
      text: `What the check means, and how to mend it: ${pageOf(code)}`,
      markdown: `${title}. [What the check means, and how to mend it](${pageOf(code)})`,
    },
  })),
  {
    ...descriptor(UNREADABLE, 'Input could not be read, so flow logs may be missing'),
    helpUri: `${HOMEPAGE}/blob/main/docs/command-line.md#reports`,
    help: { text: 'Mend the input and judge again: nobody knows the flow logs in this input.' },
  },
];

/** Code scanning filters by tag, and orders by severity and precision. */
function descriptor(id: string, title: string) {
  return {
    id,
    shortDescription: { text: `${title.replaceAll('`', '')}.` },
    fullDescription: { text: `${title.replaceAll('`', '')}.` },
    defaultConfiguration: { level: 'error' as const },
    properties: { tags: ['aws', 'vpc-flow-logs'], 'problem.severity': 'error', precision: 'high' },
  };
}
