import * as v from 'valibot';
import { parseArn, type Arn } from '../model/arn.ts';
import type { Place } from '../model/place.ts';

/** A stack operation, or the making of a change set, that waits for the answer of the hook. */
export interface HookRequest {
  readonly place: Place;
  readonly stackId: string;
  readonly stackName: string;
  /** The change set that is made or executed; undefined without a change set. */
  readonly changeSetId: string | undefined;
  /** A change set may be for a new stack or for an existing stack: the event does not tell. */
  readonly operation: 'change-set' | 'create' | 'update' | 'delete';
  /** The presigned URL of the templates; undefined where a deletion has none. */
  readonly payloadUrl: string | undefined;
}

/** A text; undefined where CloudFormation writes null or an empty text. */
export const optionalWords = v.pipe(
  v.nullish(v.string()),
  v.transform((text) => (text === null || text === '' ? undefined : text)),
);

/** AWS documents two spellings of `stackId` and `clientRequestToken`, and an action of change sets in an example only. */
const hookEvent = v.object({
  awsAccountId: v.string(),
  stackId: optionalWords,
  stackID: optionalWords,
  changeSetId: optionalWords,
  actionInvocationPoint: optionalWords,
  requestData: v.object({
    targetName: v.picklist(['STACK', 'CHANGE_SET']),
    payload: optionalWords,
  }),
});

const operations: Readonly<Record<string, HookRequest['operation']>> = {
  CREATE_PRE_PROVISION: 'create',
  UPDATE_PRE_PROVISION: 'update',
  DELETE_PRE_PROVISION: 'delete',
};

/**
 * Reads the event of a Lambda hook. Throws an Error for any other input, and for a stack or change set outside the account
 * and Region of the function.
 * https://docs.aws.amazon.com/cloudformation-cli/latest/hooks-userguide/lambda-hooks-create-lambda-function.html
 */
export function readHookEvent(input: unknown, functionArn: string): HookRequest {
  const read = v.safeParse(hookEvent, input);
  if (!read.success) throw new Error(`event is no event of a hook (${pathsOf(read.issues)})`);
  const { awsAccountId, stackId, stackID, changeSetId, requestData } = read.output;
  const own = parseArn(functionArn);
  const id = stackId ?? stackID ?? '';
  const stackName = nameIn(id, 'stack', own);
  if (stackName === undefined || own?.accountId !== awsAccountId)
    throw new Error(`event of account ${awsAccountId} refused: this function answers for its own`);
  if (changeSetId !== undefined && nameIn(changeSetId, 'changeSet', own) === undefined)
    throw new Error(`change set ${changeSetId} refused: it is not of this account and Region`);
  return {
    place: { accountId: own.accountId, region: own.region },
    stackId: id,
    stackName,
    changeSetId,
    operation: operationOf(requestData.targetName, read.output.actionInvocationPoint ?? ''),
    payloadUrl: requestData.payload,
  };
}

function operationOf(target: 'STACK' | 'CHANGE_SET', point: string): HookRequest['operation'] {
  if (target === 'CHANGE_SET') return 'change-set';
  const operation = operations[point];
  if (operation === undefined) throw new Error(`invocation point "${point}" is not known`);
  return operation;
}

/** The name in the ARN of a stack or change set; undefined for another place or another kind. */
function nameIn(text: string, kind: string, own: Arn | undefined): string | undefined {
  const { partition, service, region, accountId, resource = '' } = parseArn(text) ?? {};
  const isHere =
    partition === own?.partition && region === own?.region && accountId === own?.accountId;
  const [found, name, ...rest] = resource.split('/');
  return isHere && service === 'cloudformation' && found === kind && rest.length === 1
    ? name
    : undefined;
}

const pathsOf = (issues: readonly v.BaseIssue<unknown>[]): string =>
  issues.map((issue) => v.getDotPath(issue) ?? 'no object').join(', ');

/** The token that the answer has to repeat; empty where the input has none. */
export function tokenOf(input: unknown): string {
  const tokens = v.object({ clientRequestToken: optionalWords, clientRequesttoken: optionalWords });
  const read = v.safeParse(tokens, input);
  if (!read.success) return '';
  return read.output.clientRequestToken ?? read.output.clientRequesttoken ?? '';
}
