import { untilDeadline, withTimeLimit, withinDeadline } from '../../rule/basics/time-limit.ts';

const never = () => new Promise<never>(() => undefined);

describe('a time limit', () => {
  it('lets work through that ends in time, and does not abort it', async () => {
    let signal: AbortSignal | undefined;
    const work = (given: AbortSignal) => {
      signal = given;
      return Promise.resolve('done');
    };
    await expect(withTimeLimit(work, 60_000, 'late')).resolves.toBe('done');
    expect(signal?.aborted).toBe(false);
  });

  it('lets the error of the work through', async () => {
    const work = () => Promise.reject(new Error('broken'));
    await expect(withTimeLimit(work, 60_000, 'late')).rejects.toThrow('broken');
  });

  it('ends work that is late with the message, although the work rejects when it is aborted', async () => {
    const work = (signal: AbortSignal) =>
      new Promise<never>((_, reject) => {
        signal.addEventListener('abort', () => {
          reject(new Error('aborted'));
        });
      });
    await expect(withTimeLimit(work, 1, 'late')).rejects.toThrow('late');
  });

  it('takes a deadline that is over, and one that no timer can wait for', async () => {
    await expect(withinDeadline(never(), 0)).rejects.toThrow('time limit is near');
    await expect(withinDeadline(Promise.resolve(1), Number.MAX_SAFE_INTEGER)).resolves.toBe(1);
  });

  it('passes items on until the deadline, and then asks for no more', async () => {
    let ended = false;
    async function* items() {
      try {
        yield 1;
        yield 2;
        await new Promise((resolve) => setTimeout(resolve, 100));
        yield 3;
      } finally {
        ended = true;
      }
    }
    const passed: number[] = [];
    const all = async () => {
      for await (const item of untilDeadline(items(), Date.now() + 50)) passed.push(item);
    };
    await expect(all()).rejects.toThrow('time limit is near');
    expect(passed).toEqual([1, 2]);
    await new Promise((resolve) => setTimeout(resolve, 200));
    expect(ended).toBe(true);
  });

  it('ends at the deadline although the next item never comes', async () => {
    async function* items() {
      yield 1;
      await never();
    }
    const all = async () => {
      for await (const item of untilDeadline(items(), Date.now() + 20)) expect(item).toBe(1);
    };
    await expect(all()).rejects.toThrow('time limit is near');
  });
});
