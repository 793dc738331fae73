import { isoSeconds, type TimeSpan } from '../../basics/time-span.ts';
import { resourceTypes } from '../../model/resource-types.ts';
import { titleOf } from './items.ts';
import type { AggregatorReading } from './reading.ts';

/** Remarks on a reading, once all flow logs are listed: unrecorded types, accounts without flow logs, the age of facts. */
export function remarksOn(reading: AggregatorReading): readonly string[] {
  const { aggregator, status, captured, hasItems } = reading;
  const lacking = [...hasItems].filter(([, any]) => !any).map(([type]) => type);
  const ages = [
    ...ageRemark('what was used was recorded', captured),
    ...ageRemark('its sources were collected from last', status.updated),
  ].join('; ');
  return [
    ...lacking.map((type) => `has no ${type}: let AWS Config record that type in its accounts`),
    ...(hasItems.get(resourceTypes.flowLog) ? withoutFlowLogsRemark(reading) : []),
    ...(ages === '' ? [] : [ages]),
  ].map((remark) => `${titleOf(aggregator)}: ${remark}`);
}

/** More accounts are only counted. */
const MAX_ACCOUNTS_IN_REMARK = 10;

/** The aggregator cannot tell an account without flow logs from an account where AWS Config does not record flow logs. */
function withoutFlowLogsRemark({
  status,
  accountsWithFlowLogs,
}: AggregatorReading): readonly string[] {
  const accounts = [...status.accounts].filter((each) => !accountsWithFlowLogs.has(each)).sort();
  if (accounts.length === 0) return [];
  const others = accounts.length - MAX_ACCOUNTS_IN_REMARK;
  const first = accounts.slice(0, MAX_ACCOUNTS_IN_REMARK).join(', ');
  const names = others > 0 ? `${first} and ${others} more` : first;
  return [
    `has no flow log of ${accounts.length} of its ${status.accounts.size} accounts, nor would it where AWS Config does not record AWS::EC2::FlowLog: ${names}`,
  ];
}

function ageRemark(event: string, times: TimeSpan): readonly string[] {
  const ends = times.ends()?.map(isoSeconds);
  return ends === undefined ? [] : [`${event} between ${ends.join(' and ')}`];
}
