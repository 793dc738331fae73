import { askInTurn } from '../../../rule/sources/aws/questions.ts';

const lasting = (milliseconds: number) => () =>
  new Promise<string>((resolve) => setTimeout(resolve, milliseconds, 'an answer'));
const never = () => new Promise<never>(() => undefined);

/** The answer in words, also of a question that fails. */
const wordsOf = (answer: Promise<string>): Promise<string> =>
  answer.catch((error: unknown) => String(error));

describe('questions to AWS', () => {
  beforeEach(() => jest.useFakeTimers());
  afterEach(() => jest.useRealTimers());

  it('may stand in the queue for longer than an answer may take', async () => {
    const ask = askInTurn({ maxAtOnce: 1 });
    const all = Promise.all(
      Array.from({ length: 20 }, (_, nth) => wordsOf(ask(`bucket b-${nth}`, lasting(30_000)))),
    );
    await jest.advanceTimersByTimeAsync(600_000);
    expect(await all).toEqual(Array<string>(20).fill('an answer'));
  });

  it('pass their turn on where AWS never answers', async () => {
    const ask = askInTurn({ maxAtOnce: 1 });
    const all = Promise.all([
      wordsOf(ask('bucket hung', never)),
      wordsOf(ask('bucket next', lasting(50_000))),
    ]);
    await jest.advanceTimersByTimeAsync(110_000);
    expect(await all).toEqual([
      'Error: bucket hung has not answered for 60 s: run again, and look at the network path to AWS',
      'an answer',
    ]);
  });

  it('are told apart at the deadline: asked without an answer, and not asked for', async () => {
    const asked: string[] = [];
    const ask = askInTurn({ maxAtOnce: 2, deadline: Date.now() + 5_000 });
    const hang = (name: string) =>
      wordsOf(
        ask(name, () => {
          asked.push(name);
          return never();
        }),
      );
    const all = Promise.all(['key a', 'key b', 'key c', 'key d'].map(hang));
    await jest.advanceTimersByTimeAsync(5_000);
    expect(await all).toEqual([
      'Error: time limit is near, and key a has not answered',
      'Error: time limit is near, and key b has not answered',
      'Error: time limit is near, and key c was not asked for',
      'Error: time limit is near, and key d was not asked for',
    ]);
    expect(asked).toEqual(['key a', 'key b']);
  });

  it('are watched from their turn on', async () => {
    const watched: string[] = [];
    const ask = askInTurn({
      maxAtOnce: 1,
      watch: (answer, subject) => {
        watched.push(subject);
        return answer;
      },
    });
    const first = ask('key a', lasting(1_000));
    const second = ask('key b', lasting(1_000));
    expect(watched).toEqual(['key a']);
    await jest.advanceTimersByTimeAsync(2_000);
    await Promise.all([first, second]);
    expect(watched).toEqual(['key a', 'key b']);
  });
});
