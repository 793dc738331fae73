import { lacks } from '../regions.ts';
import type { OrganizationOptions } from './organization.ts';
import { refuse } from './readers.ts';
import type { RuleOptions } from './rule.ts';

/**
 * The letters and digits for a name that may have `-` and `_`, another text for each name. Both signs, and the letter in
 * front of these texts, are written out.
 */
export const signsInLetters = [
  ['Z', 'ZZ'],
  ['-', 'Zd'],
  ['_', 'Zu'],
] as const;

/** The last part of the alias of the hook, which is unique in an account and Region. */
export const aliasPart = (name: string): string =>
  signsInLetters.reduce((text, [sign, letters]) => text.replaceAll(sign, letters), `Rule${name}`);

/** CloudFormation takes this many characters for a part of the alias of a hook. */
const MAX_ALIAS_LENGTH = 64;

/** The hook judges the stacks of one account and Region. */
export function checkHook(
  { hook: mode, ruleName }: RuleOptions,
  {
    organization,
    region = '',
  }: { organization: OrganizationOptions | undefined; region?: string | undefined },
): void {
  if (organization !== undefined)
    refuse(
      'hook',
      mode,
      'a hook is for one account and Region: deploy without organizationalUnits',
    );
  const { length } = aliasPart(ruleName);
  if (length > MAX_ALIAS_LENGTH)
    refuse(
      'ruleName',
      ruleName,
      `with hook, the name has room for ${MAX_ALIAS_LENGTH - 4} characters where -, _ and Z count twice, and takes ${length - 4}`,
    );
  if (lacks(region, 'AWS::CloudFormation::LambdaHook'))
    refuse('hook', mode, `${region} has no AWS::CloudFormation::LambdaHook`);
}
