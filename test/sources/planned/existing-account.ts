import type { ExistingSource } from '../../../rule/model/existing.ts';
import { missing, type Bucket, type Key } from '../../../rule/model/facts.ts';
import type { Grants } from '../../../rule/model/kms-grants.ts';

export const caller = '111122223333';
export const home = 'eu-west-1';
export const existingKeyArn = `arn:aws:kms:${home}:${caller}:key/0a1b2c3d-1111-2222-3333-444455556666`;
export const existingAlias = `arn:aws:kms:${home}:${caller}:alias/logs`;

const statement = (effect: string, principal: object, condition?: object) => ({
  Effect: effect,
  Principal: principal,
  Action: ['kms:GenerateDataKey*', 'kms:Decrypt'],
  Resource: '*',
  ...(condition && { Condition: condition }),
});
const delivery = { Service: 'delivery.logs.amazonaws.com' };

export const admitting = (condition?: object) => statement('Allow', delivery, condition);
export const denying = (condition?: object) => statement('Deny', { AWS: '*' }, condition);

export const policyOf = (...statements: readonly object[]) => ({
  kind: 'policy' as const,
  document: { Version: '2012-10-17', Statement: statements },
});

export const keyWith = (...statements: readonly object[]): Key => ({
  kind: 'key',
  arn: existingKeyArn,
  accountId: caller,
  region: home,
  description: {
    kind: 'description',
    state: 'Enabled',
    manager: 'CUSTOMER',
    usage: 'ENCRYPT_DECRYPT',
    spec: 'SYMMETRIC_DEFAULT',
    origin: 'AWS_KMS',
    multiRegion: false,
  },
  policy: policyOf(...statements),
});

export const bucketWith = (keyId: string | undefined, rest: Partial<Bucket> = {}): Bucket => ({
  kind: 'bucket',
  name: 'existing',
  accountId: undefined,
  region: home,
  encryption: {
    kind: 'encryption',
    algorithm: keyId === undefined ? 'AES256' : 'aws:kms',
    keyId,
    bucketKey: false,
  },
  policy: missing('bucket existing has no bucket policy'),
  ...rest,
});

type Answer<Question extends keyof ExistingSource> = ExistingSource[Question] extends (
  ...texts: never
) => Promise<infer T>
  ? T
  : never;

/** The things of an account by name. An Error is a question that fails. */
export interface ExistingAccount {
  readonly buckets?: Readonly<Record<string, Answer<'bucket'> | Error>>;
  readonly keys?: Readonly<Record<string, Answer<'key'> | Error>>;
  readonly grants?: Grants;
  readonly organization?: Answer<'organization'>;
  /** By Region and name. */
  readonly exports?: Readonly<Record<string, Answer<'exported'>>>;
  readonly parameters?: Readonly<Record<string, Answer<'parameter'>>>;
}

/** An account with one bucket, which is encrypted with the key: all is well. */
export const wellAccount: ExistingAccount = {
  buckets: { existing: bucketWith(existingKeyArn) },
  keys: { [existingKeyArn]: keyWith(admitting()), [existingAlias]: keyWith(admitting()) },
};

/** The account as a source, and the questions that were asked. */
export function sourceOf(account: ExistingAccount) {
  const questions: string[] = [];
  const answered = <T extends object>(question: string, answer: T | Error | undefined) => {
    questions.push(question);
    if (answer instanceof Error) return Promise.reject(answer);
    return Promise.resolve(answer ?? missing(`${question} does not exist`));
  };
  const source: ExistingSource = {
    accountId: caller,
    bucket: (name) => answered(`bucket ${name}`, account.buckets?.[name]),
    key: (arn) => answered(`key ${arn}`, account.keys?.[arn]),
    grants: (arn) => {
      questions.push(`grants ${arn}`);
      return Promise.resolve(account.grants ?? { kind: 'grants', grants: [], isWhole: true });
    },
    organization: (id) => answered(`organization of ${id}`, account.organization),
    exported: (name, region) =>
      answered(`export ${name} in ${region}`, account.exports?.[`${region} ${name}`]),
    parameter: (name, region) =>
      answered(`parameter ${name} in ${region}`, account.parameters?.[`${region} ${name}`]),
  };
  return { source, questions };
}
