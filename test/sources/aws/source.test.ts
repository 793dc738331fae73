import type { Clients } from '../../../rule/sources/aws/clients.ts';
import { retryStrategy } from '../../../rule/sources/aws/retries.ts';
import { awsSource } from '../../../rule/sources/aws/source.ts';
import { account, archive } from '../../world.ts';

const sse = {
  ServerSideEncryptionConfiguration: {
    Rules: [{ ApplyServerSideEncryptionByDefault: { SSEAlgorithm: 'AES256' } }],
  },
};

/** An error as the SDK throws errors of AWS. */
const answer = (name: string, httpStatusCode: number): Error =>
  Object.assign(new Error('no'), { name, $fault: 'client', $metadata: { httpStatusCode } });

/** Clients with these answers to the calls in order of the operations; an Error is thrown. */
function clientsOf(answers: Readonly<Record<string, object>>, asked: string[]): Clients {
  const send = (command: object): Promise<unknown> => {
    const operation = command.constructor.name.replace(/Command$/, '');
    asked.push(operation);
    const found = answers[operation];
    return found instanceof Error ? Promise.reject(found) : Promise.resolve(found);
  };
  const client = () => ({ send });
  const organizations = () => Promise.resolve(client());
  return { ec2: client, s3: client, kms: client, organizations } as unknown as Clients;
}

/** The source in an account whose S3 answers so, and in the owner's account, where S3 answers well. */
function sourceWith(answers: Readonly<Record<string, object>>) {
  const asked: string[] = [];
  const askedOwner: string[] = [];
  const source = awsSource({
    clients: clientsOf(answers, asked),
    place: { accountId: account, region: 'us-east-1' },
    across: {
      enter: () =>
        Promise.resolve(
          clientsOf(
            { GetBucketEncryption: sse, GetBucketPolicy: answer('NoSuchBucketPolicy', 404) },
            askedOwner,
          ),
        ),
      ownersOf: () => Promise.resolve({ accounts: [archive] }),
    },
  });
  return { source, asked, askedOwner };
}

describe('a bucket', () => {
  it.each([
    ['AccessDenied', 403],
    ['InvalidToken', 400],
    ['ValidationException', 400],
    ['OptInRequired', 403],
    ['UnrecognizedClientException', 400],
    ['NotImplemented', 501],
    ['IllegalLocationConstraintException', 400],
    ['InvalidAccessKeyId', 403],
    ['AWordOfTomorrow', 418],
    ['PermanentRedirect', 301],
  ])('is read in the account of the owner after %s', async (name, status) => {
    const { source, askedOwner } = sourceWith({ GetBucketEncryption: answer(name, status) });
    expect(await source.bucket('logs', 'aws')).toMatchObject({
      kind: 'bucket',
      encryption: { algorithm: 'AES256' },
    });
    expect(askedOwner).toEqual(['GetBucketEncryption', 'GetBucketPolicy']);
  });

  it.each([
    ['SlowDown', 503],
    ['ThrottlingException', 400],
    ['TooManyRequestsException', 429],
    ['InternalError', 500],
    ['OperationAborted', 409],
    ['RequestTimeout', 400],
    ['ExpiredToken', 400],
    ['ExpiredTokenException', 400],
    ['RequestTimeTooSkewed', 403],
    ['SignatureDoesNotMatch', 403],
    ['InvalidSignatureException', 403],
  ])('is no fact, and nobody else is asked, after %s', async (name, status) => {
    const { source, askedOwner } = sourceWith({ GetBucketEncryption: answer(name, status) });
    await expect(source.bucket('logs', 'aws')).rejects.toThrow();
    expect(askedOwner).toEqual([]);
  });

  it('is complete without the bucket policy, where AWS refuses that alone', async () => {
    const { source, askedOwner } = sourceWith({
      GetBucketEncryption: sse,
      GetBucketPolicy: answer('AccessDenied', 403),
    });
    expect(await source.bucket('logs', 'aws')).toMatchObject({ policy: { kind: 'unknown' } });
    expect(askedOwner).toEqual([]);
  });

  it.each([
    ['without the policy', {}, 'S3 answered without the policy of bucket logs: run again'],
    [
      'with a part of the policy',
      { Policy: '{"Version":"2012-10-17","Statement":[{"Effect":"De' },
      'S3 answered with a policy of bucket logs that is not JSON: run again',
    ],
  ])('is no fact after an answer %s', async (_, policy, words) => {
    const { source } = sourceWith({ GetBucketEncryption: sse, GetBucketPolicy: policy });
    await expect(source.bucket('logs', 'aws')).rejects.toThrow(words);
  });

  it('is no fact after an answer without its member', async () => {
    const { source } = sourceWith({ GetBucketEncryption: {} });
    await expect(source.bucket('logs', 'aws')).rejects.toThrow('answered without the encryption');
  });
});

describe('the organization', () => {
  const settled = 'give the organization id';
  const rows: [string, object, object][] = [
    [
      'is the organization of the account',
      { Organization: { Id: 'o-a1b2c3d4e5' } },
      { kind: 'organization', id: 'o-a1b2c3d4e5' },
    ],
    [
      'is missing where AWS Organizations is not in use',
      answer('AWSOrganizationsNotInUseException', 400),
      { kind: 'missing' },
    ],
    ...[
      ['AccessDeniedException', 400, ', or allow organizations:DescribeOrganization'] as const,
      ['UnrecognizedClientException', 400, ''] as const,
      ['AWordOfTomorrow', 418, ''] as const,
    ].map(([name, status, step]): [string, object, object] => [
      `is unknown after ${name}`,
      answer(name, status),
      { kind: 'unknown', why: `${settled}${step}: AWS Organizations answers ${name}` },
    ]),
  ];

  it.each(rows)('%s', async (_, found, expected) => {
    const { source, asked, askedOwner } = sourceWith({ DescribeOrganization: found });
    expect(await source.organization(account)).toMatchObject(expected);
    expect(await source.organization(account)).toMatchObject(expected);
    expect(asked).toEqual(['DescribeOrganization']);
    expect(askedOwner).toEqual([]);
  });

  it('is unknown for another account than of the clients, and nobody is asked', async () => {
    const { source, asked, askedOwner } = sourceWith({
      DescribeOrganization: { Organization: { Id: 'o-a1b2c3d4e5' } },
    });
    expect(await source.organization(archive)).toEqual({
      kind: 'unknown',
      why: `${settled}: AWS Organizations answers for account ${account} only`,
    });
    expect([...asked, ...askedOwner]).toEqual([]);
  });

  it.each([
    ['TooManyRequestsException', 400],
    ['ServiceException', 500],
    ['TimeoutError', 0],
    ['ExpiredTokenException', 400],
    ['InvalidSignatureException', 400],
  ])('is no fact after %s', async (name, status) => {
    const { source } = sourceWith({ DescribeOrganization: answer(name, status) });
    await expect(source.organization(account)).rejects.toThrow();
  });

  it.each([
    ['an organization', {}],
    ['an id', { Organization: {} }],
  ])('is no fact after an answer without %s', async (_, found) => {
    const { source } = sourceWith({ DescribeOrganization: found });
    await expect(source.organization(account)).rejects.toThrow('answered without the id');
  });
});

describe('retries', () => {
  const failure = { errorType: 'THROTTLING' } as const;

  it('go on for a throttled call, with pauses of a second at most', async () => {
    let token = await retryStrategy.acquireInitialRetryToken();
    for (let nth = 0; nth < 100; nth++) {
      token = await retryStrategy.refreshRetryTokenForRetry(token, failure);
      expect(token.getRetryDelay()).toBeLessThanOrEqual(1000);
    }
    expect(token.getRetryCount()).toBe(100);
  });

  it('end for a throttled call when the time of a call is over', async () => {
    const first = await retryStrategy.acquireInitialRetryToken();
    const late = { ...first, startedAt: Date.now() - 31_000 };
    await expect(retryStrategy.refreshRetryTokenForRetry(late, failure)).rejects.toThrow();
  });

  it.each([
    ['TRANSIENT', 5],
    ['SERVER_ERROR', 0],
    ['CLIENT_ERROR', 0],
  ] as const)('follow %s so often: %i', async (errorType, count) => {
    let token = await retryStrategy.acquireInitialRetryToken();
    const retry = async (): Promise<void> => {
      for (;;) token = await retryStrategy.refreshRetryTokenForRetry(token, { errorType });
    };
    await expect(retry()).rejects.toThrow();
    expect(token.getRetryCount()).toBe(count);
  });
});
