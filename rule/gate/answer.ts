import { sum } from '../basics/lists.ts';
import { cut } from '../basics/text.ts';
import type { StatementLanguage } from '../model/world.ts';
import type { Cause, FailingRow, StatementForKey } from '../remedy/run.ts';
import { languageFor, writeStatement } from '../remedy/write-statement.ts';
import type { JudgedStack } from './judge-stack.ts';

/**
 * The answer to a hook. The mode of the hook decides what a failure does to the operation.
 * https://docs.aws.amazon.com/cloudformation-cli/latest/hooks-userguide/lambda-hooks-create-lambda-function.html
 */
export interface HookAnswer {
  readonly hookStatus: 'SUCCESS' | 'FAILED';
  readonly errorCode?: 'NonCompliant' | 'InternalFailure';
  readonly message: string;
  readonly annotations?: readonly HookAnnotation[];
}

/** https://docs.aws.amazon.com/AWSCloudFormation/latest/APIReference/API_Annotation.html */
interface HookAnnotation {
  readonly annotationName: string;
  readonly status: 'FAILED' | 'SKIPPED';
  readonly statusMessage: string;
  readonly remediationMessage?: string;
  readonly severityLevel: 'HIGH' | 'MEDIUM';
}

/** CloudFormation cuts longer messages off. */
const MAX_MESSAGE = 4096;
/** An annotation takes 16,384 characters; AWS documents no limit for all annotations together. */
const MAX_ANNOTATION = 8192;
const MAX_HOOK_ANNOTATIONS = 20;
const MAX_IDS_SHOWN = 20;
const MAX_REASONS = 3;

/** The flow logs of a cause that the answer treats alike. */
interface AnswerPart {
  readonly kind: 'blocked' | 'blocked before' | 'unknown';
  readonly cause: Cause;
  readonly rows: readonly FailingRow[];
}

/** The operation goes on. */
export const passed = (message: string): HookAnswer => ({ hookStatus: 'SUCCESS', message });

/** The function could not judge. */
export const notJudged = (why: string): HookAnswer => ({
  hookStatus: 'FAILED',
  errorCode: 'InternalFailure',
  message: cut(`flow logs of this stack could not be judged: ${why}`, MAX_MESSAGE),
});

/**
 * Fails for each flow log that is blocked, and was not blocked before. All others pass, with a word about each. Throws an
 * Error where AWS did not answer, and no flow log fails for sure.
 */
export function answerTo(judged: JudgedStack): HookAnswer {
  const { run, blockedBefore, unknownBefore, failures } = judged;
  const { rows, causes, language = 'json' } = run;
  const parts = causes.flatMap((cause) => partsOf(cause, blockedBefore));
  const count = (kind: AnswerPart['kind']): number =>
    sum(parts, (part) => (part.kind === kind ? part.rows.length : 0));
  const isWorse = count('blocked') > 0;
  const [failure] = failures;
  if (!isWorse && failure !== undefined) throw new Error(failure);
  const counts = partKinds.map((kind) => `${count(kind)} ${kind}`).join(', ');
  const doubt = unknownBefore && `the template so far cannot be judged (${unknownBefore})`;
  const message = [
    `${rows.length} ${rows.length === 1 ? 'flow log' : 'flow logs'}: ${counts}`,
    ...run.problems.map((problem) => `unknown: ${inHook(problem.message)}`),
    ...parts.map((part) => `${part.kind}: ${wordsOf(part)}${additionTo(part.cause)}`),
    ...(isWorse && doubt ? [doubt] : []),
  ].join('\n');
  return {
    ...(isWorse ? { hookStatus: 'FAILED', errorCode: 'NonCompliant' } : { hookStatus: 'SUCCESS' }),
    message: cut(message, MAX_MESSAGE),
    annotations: parts.slice(0, MAX_HOOK_ANNOTATIONS).map((part) => hookAnnotation(part, language)),
  };
}

/** In the order of the message. */
const partKinds = ['blocked', 'blocked before', 'unknown'] as const;

function partsOf(cause: Cause, blockedBefore: ReadonlySet<string>): readonly AnswerPart[] {
  const { rows, outcome } = cause;
  if (outcome === 'unknown') return [{ kind: 'unknown', cause, rows }];
  const wasBlocked = ({ id }: FailingRow): boolean => blockedBefore.has(id);
  const parts: readonly AnswerPart[] = [
    { kind: 'blocked', cause, rows: rows.filter((row) => !wasBlocked(row)) },
    { kind: 'blocked before', cause, rows: rows.filter(wasBlocked) },
  ];
  return parts.filter((part) => part.rows.length > 0);
}

function wordsOf({ cause, rows }: AnswerPart): string {
  const ids = firstFew(
    rows.map(({ id }) => id),
    MAX_IDS_SHOWN,
  );
  const reasons = new Set(rows.map(({ verdict }) => inHook(verdict.message)));
  return `${ids} (${cause.check}): ${firstFew([...reasons], MAX_REASONS, '; ')}`;
}

/** The statement on one line: JSON is YAML too. */
const additionTo = ({ remedy }: Cause): string =>
  remedy === null
    ? ''
    : `. ${whereTo(remedy)}: ${writeStatement(remedy.statement, 'json').replace(/\s*\n\s*/g, ' ')}`;

const whereTo = ({ statement, replaces }: StatementForKey): string =>
  replaces
    ? `In the key policy, put in place of statement ${statement.Sid}`
    : 'Add to the key policy';

function hookAnnotation(part: AnswerPart, language: StatementLanguage): HookAnnotation {
  const { kind, cause } = part;
  const written = languageFor(cause.keyArn, language);
  return {
    annotationName: cause.check,
    status: kind === 'unknown' ? 'SKIPPED' : 'FAILED',
    statusMessage: cut(`${kind}: ${wordsOf(part)}`, MAX_ANNOTATION),
    ...(cause.remedy === null
      ? {}
      : {
          remediationMessage: cut(
            `${whereTo(cause.remedy)}:\n${writeStatement(cause.remedy.statement, written).trimEnd()}`,
            MAX_ANNOTATION,
          ),
        }),
    severityLevel: kind === 'unknown' ? 'MEDIUM' : 'HIGH',
  };
}

function firstFew(items: readonly string[], most: number, by = ', '): string {
  const rest = items.length - most;
  return items.slice(0, most).join(by) + (rest > 0 ? ` and ${rest} more` : '');
}

/** A hook has no options for parameters, unlike the command line. */
const inHook = (message: string): string =>
  message.replace(
    /give --parameter (\S+?=VALUE|for its parameter)/g,
    'CloudFormation does not tell the hook its value',
  );
