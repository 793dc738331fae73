import { printable } from '../../../basics/text.ts';
import { MAX_KEY_POLICY_BYTES } from '../../../model/kms.ts';
import type { StatementLanguage } from '../../../model/world.ts';
import type { StatementForKey } from '../../../remedy/run.ts';
import { writeStatement } from '../../../remedy/write-statement.ts';
import { layOutJson } from '../lay-out-json.ts';
import type { PageStatement } from './page-data.ts';

/** The width of JSON. */
const COLUMNS = 68;

/** The statement that settles a cause; a command where no key policy has room for the statement. */
export function pageStatement(
  { statement, replaces }: StatementForKey,
  language: StatementLanguage,
): PageStatement {
  if (JSON.stringify(statement).length > MAX_KEY_POLICY_BYTES)
    return {
      text: 'flow-log-key statement --organization-id o-...',
      remark:
        'No key policy has room for all of these accounts. This command writes one statement for the whole organization.',
    };
  const written = writeStatement(statement, language).trimEnd();
  const lines =
    language === 'json' ? layOutJson(JSON.parse(written), COLUMNS) : written.split('\n');
  const place = replaces
    ? `In place of the statement ${statement.Sid}, which grows.`
    : 'Beside the statements that the key policy has.';
  const owner =
    language === 'json'
      ? ' If Terraform, CDK or CloudFormation makes the key, put the statement there too, or the next deployment takes the statement away.'
      : '';
  return { text: lines.map(printable).join('\n'), remark: printable(place + owner) };
}
