import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { DeleteFlowLogsCommand, EC2Client } from '@aws-sdk/client-ec2';
import {
  CancelKeyDeletionCommand,
  CreateKeyCommand,
  DescribeKeyCommand,
  EnableKeyCommand,
  GetKeyPolicyCommand,
  KMSClient,
  PutKeyPolicyCommand,
} from '@aws-sdk/client-kms';
import {
  CreateBucketCommand,
  GetBucketEncryptionCommand,
  GetBucketPolicyCommand,
  PutBucketEncryptionCommand,
  PutBucketPolicyCommand,
  S3Client,
} from '@aws-sdk/client-s3';
import { runAgainst } from './aws-stand-in.ts';
import type { optionsIn } from './moto-server.ts';

type Options = Awaited<ReturnType<typeof optionsIn>>;

/** What somebody who was woken has at hand. */
export interface Desk {
  readonly options: Options;
  /** What the page's words in capitals stand for; commands add to it. */
  readonly known: Record<string, string>;
  /** Lines of the page that are for other causes. */
  readonly skip: RegExp;
  /** What is done to policy.json by hand, with what was printed last by our own command. */
  readonly edit: (policy: Policy, printed: string) => Policy;
}

export interface Policy {
  readonly Version: string;
  readonly Statement: readonly Readonly<Record<string, unknown>>[];
}

const noPolicy = JSON.stringify({ Version: '2012-10-17', Statement: [] });

/** The lines of the section of the AWS CLI on the page of a check. */
function commandsOf(code: string): readonly string[] {
  const [, section = ''] = readFileSync(`docs/checks/${code}.md`, 'utf8').split('### AWS CLI\n');
  const [cli = ''] = section.split('\n### ');
  return [...cli.matchAll(/^```\n(.*?)^```$/gms)].flatMap(([, block = '']) =>
    joined(block).trim().split('\n'),
  );
}

const joined = (text: string): string => text.replace(/\\\n\s*/g, ' ');

/** Does line by line as the page of the check says. Gives the lines that were done. */
export async function follow(code: string, desk: Desk): Promise<readonly string[]> {
  const lines = commandsOf(code).filter((line) => !desk.skip.test(line));
  const files: Record<string, string> = { 'policy.json': noPolicy };
  let printed = '';
  for (const line of lines) {
    if (line.startsWith('# edit policy.json')) {
      const policy = JSON.parse(files['policy.json'] ?? '') as Policy;
      files['policy.json'] = JSON.stringify(desk.edit(policy, printed));
    } else if (line.startsWith('# run the command that it printed')) {
      const [command = ''] = /^aws kms put-key-policy .*$/m.exec(joined(printed)) ?? [];
      await aws(command, desk, files);
    } else if (line.startsWith('flow-log-key ')) printed = await ours(line, desk);
    else if (line.startsWith('aws ')) await aws(line, desk, files);
  }
  return lines;
}

/** The words of a line in a POSIX shell, without a comment; words in capitals stand for what is known. */
function wordsOf(line: string, known: Desk['known']): readonly string[] {
  const words = [...line.matchAll(/(?:'[^']*'|\\.|[^\s'\\])+/g)].map(([word]) =>
    word.replace(/'([^']*)'|\\(.)/g, '$1$2'),
  );
  const comment = words.indexOf('#');
  return words.slice(0, comment < 0 ? undefined : comment).map((word) =>
    word.replace(/\b(?:KEY_ARN|KEY_NAME|BUCKET|FLOW_LOG_ID|ACCOUNT|REGION)\b/g, (name) => {
      const value = known[name];
      if (value === undefined) throw new Error(`the annotation does not tell ${name}: ${line}`);
      return value;
    }),
  );
}

/** Runs our own command, from the package. */
async function ours(line: string, { options, known }: Desk): Promise<string> {
  const [, ...words] = wordsOf(line, known);
  const { credentials, endpoint: url, region } = options;
  const program = [process.execPath, resolve('bin/flow-log-key.js')] as const;
  const ended = await runAgainst({ url }, [...program, ...words], {
    env: {
      AWS_REGION: region,
      AWS_ACCESS_KEY_ID: credentials.accessKeyId,
      AWS_SECRET_ACCESS_KEY: credentials.secretAccessKey,
      AWS_SESSION_TOKEN: credentials.sessionToken,
    },
  });
  if (ended.exitCode !== 0) throw new Error(`${line}: ${ended.stderr}`);
  return ended.stdout;
}

// The AWS CLI, as far as the pages use it ----------------------------------------------------------------------------

const classes = {
  'ec2 delete-flow-logs': DeleteFlowLogsCommand,
  'kms cancel-key-deletion': CancelKeyDeletionCommand,
  'kms create-key': CreateKeyCommand,
  'kms describe-key': DescribeKeyCommand,
  'kms enable-key': EnableKeyCommand,
  'kms get-key-policy': GetKeyPolicyCommand,
  'kms put-key-policy': PutKeyPolicyCommand,
  's3api create-bucket': CreateBucketCommand,
  's3api get-bucket-encryption': GetBucketEncryptionCommand,
  's3api get-bucket-policy': GetBucketPolicyCommand,
  's3api put-bucket-encryption': PutBucketEncryptionCommand,
  's3api put-bucket-policy': PutBucketPolicyCommand,
} as const;
const clients = { ec2: EC2Client, kms: KMSClient, s3api: S3Client } as const;

type Answer = Readonly<Record<string, unknown>>;

interface Anything {
  readonly send: (command: unknown) => Promise<Answer>;
}

async function aws(line: string, desk: Desk, files: Record<string, string>): Promise<void> {
  const [, service = '', operation = '', ...rest] = wordsOf(line, desk.known);
  const Command = classes[`${service} ${operation}` as keyof typeof classes] as unknown as
    (new (input: object) => unknown) | undefined;
  const Client = clients[service as keyof typeof clients] as unknown as new (
    o: Options,
  ) => Anything;
  if (Command === undefined) throw new Error(`no such command: ${line}`);
  const input: Record<string, unknown> = {};
  const option = (name: string): string | undefined => rest[rest.indexOf(name, 0) + 1 || Infinity];
  for (const [index, word] of rest.entries())
    if (word.startsWith('--') && !['--query', '--output', '--region'].includes(word))
      input[pascal(word.slice(2))] = valueOf(rest[index + 1] ?? '', files);
  const region = option('--region') ?? desk.options.region;
  const query = option('--query');
  const answer: Answer = await new Client({ ...desk.options, region })
    .send(new Command(input))
    .catch((error: unknown) => {
      if ((error as Error).name !== 'NoSuchBucketPolicy') throw error;
      return { Policy: noPolicy };
    });
  if (query === 'KeyMetadata.Arn')
    desk.known.KEY_ARN = (answer.KeyMetadata as { readonly Arn: string }).Arn;
  if (option('>') === 'policy.json') files['policy.json'] = String(answer[query ?? '']);
}

const pascal = (kebab: string): string =>
  kebab.replace(/(?:^|-)(\w)/g, (_, letter: string) => letter.toUpperCase());

function valueOf(text: string, files: Readonly<Record<string, string>>): unknown {
  if (text.startsWith('file://')) return files[text.slice('file://'.length)];
  return text.startsWith('{"Rules"') ? (JSON.parse(text) as unknown) : text;
}
