import { FLOW_LOG_ID } from '../model/name-patterns.ts';
import { randomUUID } from 'node:crypto';
import { hostname } from 'node:os';
import { createInterface } from 'node:readline/promises';
import { isatty } from 'node:tty';
import { Command, Option } from 'commander';
import { failed, type Ending } from '../mend/change.ts';
import { mend, plan, type Plan, type Tools } from '../mend/mend.ts';
import { learned, type Facts } from '../model/facts.ts';
import type { Question } from '../model/question.ts';
import { printable } from '../basics/text.ts';
import { grantFor, statementOf } from '../remedy/grant.ts';
import { scopes, type Remedy, type Scope } from '../remedy/remedy.ts';
import { diff } from '../mend/diff.ts';
import { putKeyPolicy } from './reports/put-key-policy.ts';
import { writeStatement } from './reports/statement.ts';
import { survey } from '../judge/survey.ts';
import { readSnapshots } from '../sources/recorded/snapshot.ts';
import { complain } from './complain.ts';
import { exitCodes } from './exit-codes.ts';
import {
  alsoCheck,
  exemptions,
  exemptionsOf,
  organizationId,
  questionOf,
  requiredActions,
  type QuestionOptions,
} from './options.ts';

interface RemedyOptions extends QuestionOptions {
  readonly snapshot?: readonly string[];
  readonly region?: string;
  readonly exemptions?: string;
  readonly scope: Scope;
  readonly apply?: boolean;
  readonly yes?: boolean;
  readonly table?: string;
}

/** `flow-log-key remedy`: tells `end` the exit code. */
export const remedyCommand = (end: (exitCode: number) => void): Command =>
  new Command('remedy')
    .description('show the change of the key policy that mends flow logs; with --apply make it')
    .argument('<id...>', 'flow logs, such as fl-01234567890abcdef')
    .option('--region <region>', 'where the flow logs are')
    .option('--snapshot <file...>', 'look in AWS Config snapshots instead of asking AWS')
    .addOption(
      new Option('--scope <scope>', 'admit these flow logs, or the whole organization')
        .choices(scopes)
        .default('flow-logs'),
    )
    .addOption(organizationId())
    .addOption(requiredActions())
    .addOption(alsoCheck())
    .addOption(exemptions())
    .option('--apply', 'put the policy, after a yes, and read it back')
    .option('--yes', 'with --apply: do not ask')
    .option(
      '--table <name>',
      'with --apply: the DynamoDB table of leases (default: flow-log-key-rule)',
    )
    .addHelpText('after', examples)
    .action(async (ids: readonly string[], options: RemedyOptions) => {
      end(await remedy(ids, options));
    });

const examples = `
Exit codes: 0 shown, applied or nothing to do; 1 some cannot be mended, or were not; 2 bad usage.

Examples:
  flow-log-key remedy fl-01234567890abcdef                 the diff, and the AWS CLI command for it
  flow-log-key remedy fl-01234567890abcdef --apply         asks, puts, reads back
  flow-log-key remedy fl-01234567890abcdef --scope organization --organization-id o-a1b2c3d4e5
`;

/** Shows what mends the flow logs, makes it if that is wanted; resolves with the exit code. */
async function remedy(ids: readonly string[], options: RemedyOptions): Promise<number> {
  refuseBadUsage(ids, options);
  const question = questionOf(options, await exemptionsOf(options.exemptions));
  const { look, tools } = await open(options, question);
  const planned = await plan(ids, { look, question, scope: options.scope });
  const ends = planned.endings.map(({ ending }) => ending);
  for (const { remedy, all } of planned.remedies) {
    show(remedy, all);
    if (tools === undefined)
      print(`\nTo apply it: --apply, or\n\n${putKeyPolicy(remedy.keyArn, remedy.after)}\n`);
    else ends.push(await apply(remedy, { all, tools, yes: options.yes ?? false }));
  }
  for (const { outcome, message } of ends) (outcome === 'failed' ? complain : print)(message);
  remind(planned, question);
  return ends.some(({ outcome }) => outcome === 'failed') ? exitCodes.blocked : exitCodes.fine;
}

function refuseBadUsage(ids: readonly string[], options: RemedyOptions): void {
  const bad = ids.find((id) => !FLOW_LOG_ID.test(id));
  if (bad !== undefined)
    throw new Error(`"${bad}" is not a flow log id, which looks like fl-01234567890abcdef`);
  const { scope, organizationId, snapshot, region, apply = false, yes = false, table } = options;
  const mistakes: readonly [boolean, string][] = [
    [
      scope === 'organization' && organizationId === undefined,
      '--scope organization needs --organization-id',
    ],
    [
      snapshot !== undefined && (apply || region !== undefined),
      '--snapshot looks at files: it goes without --apply and --region',
    ],
    [!apply && (yes || table !== undefined), '--yes and --table go with --apply'],
    [
      apply && !yes && !isatty(0),
      '--apply asks before it writes: give --yes where nobody can answer',
    ],
  ];
  const mistake = mistakes.find(([made]) => made);
  if (mistake !== undefined) throw new Error(mistake[1]);
}

interface Opened {
  readonly look: Tools['look'];
  /** What mending works with, where it is wanted. */
  readonly tools: (() => Tools) | undefined;
}

/** How long one key may take, in milliseconds. */
const PATIENCE = 240_000;

async function open(options: RemedyOptions, question: Question): Promise<Opened> {
  const { snapshot, region, scope, apply, table } = options;
  if (snapshot !== undefined) return { look: await lookIn(snapshot, question), tools: undefined };
  // The AWS SDK is loaded only by those who need it.
  const { whoAsks } = await import('../sources/aws/own-account.ts');
  const { makeClients } = await import('../sources/aws/clients.ts');
  const { ofOneAccount } = await import('../mend/reach.ts');
  const { PACE, TABLE, toolsOf } = await import('../mend/tools.ts');
  const place = await whoAsks(region, 'give --region, or set AWS_REGION');
  const tools = (): Tools =>
    toolsOf({
      place,
      reach: ofOneAccount(place.accountId, makeClients()),
      table: table ?? TABLE,
      holder: `flow-log-key remedy on ${hostname()} (${randomUUID()})`,
      question,
      scope,
      pace: PACE,
      deadline: Date.now() + PATIENCE,
    });
  return { look: tools().look, tools: apply ? tools : undefined };
}

/** Flow logs of snapshots, by their ids. */
async function lookIn(files: readonly string[], question: Question): Promise<Tools['look']> {
  const { source, listings, problems } = await readSnapshots(files);
  const [problem] = problems;
  if (problem !== undefined) throw new Error(`${problem.file}: ${problem.message}`);
  return async (ids) => {
    const found: Facts[] = [];
    for (const { flowLogs } of listings)
      for await (const it of survey(flowLogs(), source, question))
        if (it.kind === 'judged' && ids.includes(it.flowLog.id)) found.push(it.facts);
    return found;
  };
}

function show({ keyArn, before, after }: Remedy, all: readonly Facts[]): void {
  print(`${idsOf(all)}: key ${keyArn}\n`);
  print(diff(before, after).trimEnd());
}

const idsOf = (all: readonly Facts[]): string => all.map(({ flowLog }) => flowLog.id).join(', ');

async function apply(
  { keyArn, grant }: Remedy,
  { all, tools, yes }: { all: readonly Facts[]; tools: () => Tools; yes: boolean },
): Promise<Ending> {
  if (!yes && !(await agreed(`Put this policy on key ${keyArn}? [y/N] `)))
    return failed('you did not say yes');
  if (isatty(2)) process.stderr.write('putting the policy and reading it back, some seconds...\n');
  const id = randomUUID();
  const flowLogIds = all.map(({ flowLog }) => flowLog.id);
  const ending = await mend({ id, flowLogIds, keyArn, grant }, tools());
  return ending.outcome === 'changed'
    ? {
        ...ending,
        message: `${ending.message}; kept as execution ${id}, with which the take-back document takes it back`,
      }
    : ending;
}

async function agreed(asked: string): Promise<boolean> {
  const terminal = createInterface({ input: process.stdin, output: process.stderr });
  try {
    return /^y(es)?$/i.test((await terminal.question(asked)).trim());
  } finally {
    terminal.close();
  }
}

/** A key often has an owner who does not know of this: tells what to write where it is made. */
function remind({ remedies, endings }: Plan, question: Question): void {
  const others = endings.flatMap(({ facts }) =>
    facts && learned(facts.key) ? [facts.flowLog] : [],
  );
  const statements = remedies.map(({ remedy }) => remedy.statement);
  if (others.length > 0) statements.push(statementOf(grantFor(others, question)));
  if (statements.length === 0) return;
  print(
    'If Terraform, CDK or CloudFormation makes the key, put the statement there too, or the next',
  );
  print('deployment takes it away:\n');
  const written = statements.flatMap((statement) =>
    (['terraform', 'cdk'] as const).map((format) => writeStatement(statement, format)),
  );
  for (const each of new Set(written)) print(each);
}

/** Lines on standard output, without what a terminal would take for a command. */
const print = (text: string): void => {
  process.stdout.write(`${text.split('\n').map(printable).join('\n')}\n`);
};
