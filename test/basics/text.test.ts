import { errorText, parseJson } from '../../rule/basics/text.ts';

describe('errorText', () => {
  it('says in plain words that JSON is nested too deep', () => {
    const deep: unknown = JSON.parse('['.repeat(100_000) + ']'.repeat(100_000));
    let thrown: unknown;
    try {
      JSON.stringify(deep);
    } catch (error) {
      thrown = error;
    }
    expect(thrown).toBeInstanceOf(Error);
    expect(errorText(thrown)).toBe('JSON is nested too deep to be read');
  });
});

describe('parseJson', () => {
  it('returns the value', () => {
    expect(parseJson('{"a":[1]}')).toEqual({ a: [1] });
  });

  const rows: [string, string, string | undefined, string][] = [
    ['the position', '{"password":"secret" 1}', undefined, 'is not JSON (at position 21)'],
    ['the subject', '{"password":"secret",}', 'the body', 'the body is not JSON (at position 21)'],
    ['no position in a text that ends too early', '[', undefined, 'is not JSON'],
    ['none of the words', 'secret', 'the key policy', 'the key policy is not JSON'],
  ];
  it.each(rows)('throws an error that tells %s', (_, text, subject, message) => {
    let thrown: unknown;
    try {
      parseJson(text, subject);
    } catch (error) {
      thrown = error;
    }
    expect(thrown).toEqual(new Error(message));
    expect((thrown as Error).cause).toBeUndefined();
  });
});
