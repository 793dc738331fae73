import { withinDeadline } from '../basics/time-limit.ts';
import { exemptionInWords, isExpired, type Exemption } from '../model/exemption.ts';
import type { Parameters } from '../model/parameters.ts';
import {
  exemptionsReader,
  type ExemptionsReader,
} from '../sources/exemptions/exemptions-reader.ts';
import type { RuleRequest } from './event.ts';
import { callCounter, count, logger } from './telemetry.ts';

/** Kept for later invocations. */
let readCurrentExemptions: ExemptionsReader | undefined;

/** The exemptions of the rule for a run; none for a run without a flow log to judge. */
export async function exemptionsOfRun(
  { subject }: RuleRequest,
  parameters: Parameters,
  run: { readonly region: string; readonly startedAt: Date; readonly deadline: number },
): Promise<readonly Exemption[]> {
  if (parameters.exemptionsParameter === undefined) return [];
  if (subject.kind === 'nothing' || subject.kind === 'not-applicable') return [];
  readCurrentExemptions ??= exemptionsReader(run.region, callCounter);
  const exemptions = await withinDeadline(readCurrentExemptions(parameters), run.deadline);
  reportExpired(exemptions, run.startedAt);
  return exemptions;
}

/** Warns of expired exemptions: the rule judges the flow logs again, and the owners have to know. */
function reportExpired(exemptions: readonly Exemption[], now: Date): void {
  const expired = exemptions.filter((each) => isExpired(each, now));
  count('ExemptionsExpired', expired.length);
  if (expired.length === 0) return;
  logger.warn('exemptions have expired and are ignored', {
    exemptions: expired.map(exemptionInWords),
  });
}
