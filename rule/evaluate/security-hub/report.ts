import { callCounter, count, logger } from '../telemetry.ts';
import { updateFindings, type Evaluated, type FindingsOptions } from './update.ts';

/** Updates Security Hub after AWS Config. A failure costs a warning and a metric: every evaluation is reported by then. */
export async function reportFindings(
  evaluated: Evaluated,
  options: Omit<FindingsOptions, 'calls'>,
): Promise<void> {
  // With missing data CloudWatch would leave the alarm ringing.
  count('FindingsFailed', 0);
  try {
    const imported = await updateFindings(evaluated, { ...options, calls: callCounter });
    logger.info('findings', { imported });
  } catch (error) {
    count('FindingsFailed');
    logger.warn('findings not imported, evaluations are not affected', error as Error);
  }
}
