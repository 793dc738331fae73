import { askExisting } from '../../../rule/sources/planned/ask-existing.ts';
import { bucketWith, sourceOf } from './existing-account.ts';

const buckets = { one: bucketWith(undefined), two: bucketWith(undefined) };

describe('the facts of an account between two looks', () => {
  it('are there in the look after the look that missed them, each asked for once', async () => {
    const { source, questions } = sourceOf({ buckets });
    const { existing, settle } = askExisting(source);
    const looks: (string | undefined)[][] = [];
    await settle(() => {
      const one = existing.bucket('one', 'aws');
      const two = one === undefined ? undefined : existing.bucket('two', 'aws');
      looks.push([one?.kind, two?.kind]);
    });
    expect(looks).toEqual([
      [undefined, undefined],
      ['bucket', undefined],
      ['bucket', 'bucket'],
    ]);
    expect(questions).toEqual(['bucket one', 'bucket two']);
  });

  it('are unknown where every answer leads to another question', async () => {
    const { source, questions } = sourceOf({});
    const { existing, settle } = askExisting(source);
    let last: string | undefined;
    await settle(() => {
      const name = `bucket-${questions.length}`;
      const found = existing.bucket(name, 'aws');
      last = found?.kind === 'unknown' ? found.why : undefined;
    });
    expect(last).toBe('bucket bucket-8 was not asked for: there are too many questions');
    expect(questions).toHaveLength(8);
  });

  it('are unknown where a question fails, and the failure is told once', async () => {
    const failure = new Error('S3 has not answered');
    const { source } = sourceOf({ buckets: { one: failure, two: failure } });
    const { existing, settle, failures } = askExisting(source);
    const look = () => ['one', 'two'].map((name) => existing.bucket(name, 'aws'));
    expect(await settle(look)).toEqual(
      ['one', 'two'].map(() => ({ kind: 'unknown', why: 'S3 has not answered' })),
    );
    expect(failures()).toEqual(['S3 has not answered']);
  });
});
