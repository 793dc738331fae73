import { Readable } from 'node:stream';
import { text } from 'node:stream/consumers';
import {
  PutEvaluationsCommand,
  type ConfigServiceClient,
  type Evaluation,
} from '@aws-sdk/client-config-service';
import { errorText } from '../basics/text.ts';
import { withTimeLimit } from '../basics/time-limit.ts';
import { isErrorNamed } from '../sources/aws/refusal.ts';

/** True for a token of a dry run: AWS Config only looks at the evaluations, and changes nothing. */
export const isDryRun = (resultToken: string): boolean => resultToken === 'TESTMODE';

/** The longest time for one put, all attempts of the SDK together. Half of the time left is kept for a repetition. */
const MAX_PUT_MS = 15_000;

const NO_BODY = 'PutEvaluations was answered without a body';

export interface Put {
  readonly client: ConfigServiceClient;
  readonly resultToken: string;
  /** The end of all puts, in milliseconds since 1970. */
  readonly deadline: number;
}

/** The evaluations not taken; `unanswered` says why AWS Config gave no answer at all. */
export interface PutAnswer {
  readonly left: readonly Evaluation[];
  readonly unanswered?: string;
}

/**
 * Puts evaluations. A put without an answer may have had the effect; putting the same evaluations again harms nothing.
 * https://docs.aws.amazon.com/config/latest/APIReference/API_PutEvaluations.html
 */
export async function putEvaluations(
  { client, resultToken, deadline }: Put,
  evaluations: readonly Evaluation[],
): Promise<PutAnswer> {
  const limit = Math.max(1, Math.min(MAX_PUT_MS, (deadline - Date.now()) / 2));
  const late = `PutEvaluations was not answered within ${Math.round(limit)} ms`;
  const command = new PutEvaluationsCommand({
    ResultToken: resultToken,
    Evaluations: [...evaluations],
    ...(isDryRun(resultToken) ? { TestMode: true } : {}),
  });
  refuseEmptyBody(command);
  try {
    const { FailedEvaluations = [] } = await withTimeLimit(
      (abortSignal) => client.send(command, { abortSignal }),
      limit,
      late,
    );
    return { left: failedAmong(evaluations, FailedEvaluations) };
  } catch (error) {
    const why = errorText(error);
    if (![late, NO_BODY].includes(why) && !isErrorNamed(error, 'TimeoutError')) throw error;
    return { left: evaluations, unanswered: why };
  }
}

function failedAmong(
  evaluations: readonly Evaluation[],
  failures: readonly Evaluation[],
): readonly Evaluation[] {
  const ids = new Set(failures.map((each) => each.ComplianceResourceId));
  const failed = evaluations.filter((each) => ids.has(each.ComplianceResourceId));
  // A failure without a known id may belong to any evaluation.
  return failed.length < failures.length ? evaluations : failed;
}

/**
 * Rejects an answer without a body. The SDK would read the empty body as an answer without failures; AWS Config itself
 * answers at least `{}`.
 */
function refuseEmptyBody(command: PutEvaluationsCommand): void {
  command.middlewareStack.add(
    (next) => async (args) => {
      const result = await next(args);
      const response = result.response as { readonly statusCode: number; body: unknown };
      if (response.statusCode !== 200) return result;
      const body = await text(response.body as Readable);
      if (body.trim() === '') throw new Error(NO_BODY);
      response.body = Readable.from([Buffer.from(body)]);
      return result;
    },
    // Nearer to the response than the SDK's own reader.
    { step: 'deserialize', priority: 'low', name: 'refuseEmptyBody' },
  );
}
