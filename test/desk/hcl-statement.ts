/** The words and marks of HCL that our statements use. */
const TOKEN = /\s*(?:("(?:[^"\\]|\\.)*")|([\w.]+)|([{}[\]=,]))/y;

/** Values of references, such as `data.aws_region.current.region`. */
type References = Readonly<Record<string, string>>;

/**
 * Reads a `statement` block of a policy document as the provider does, into a statement of a policy. Throws an Error for any
 * other text.
 */
export function readHclStatement(text: string, references: References): object {
  const tokens = tokensIn(text);
  const take = (expected?: string): string => {
    const token = tokens.shift();
    if (token === undefined || (expected !== undefined && token !== expected))
      throw new Error(`HCL has ${token ?? 'its end'} in the place of ${expected ?? 'a word'}`);
    return token;
  };
  const scalar = (token: string): string => {
    const whole = references[token];
    if (whole !== undefined) return whole;
    return (JSON.parse(token) as string).replace(/\$\{([^}]*)\}/g, (_, name: string) => {
      const value = references[name];
      if (value === undefined) throw new Error(`HCL refers to ${name}, which is not known`);
      return value;
    });
  };
  const expression = (): string | readonly string[] => {
    const token = take();
    if (token !== '[') return scalar(token);
    const values: string[] = [];
    for (let next = take(); next !== ']'; next = take())
      if (next !== ',') values.push(scalar(next));
    return values;
  };
  const body = (): Body => {
    const values: Record<string, string | readonly string[]> = {};
    const blocks: [string, Body][] = [];
    take('{');
    for (let name = take(); name !== '}'; name = take()) {
      const isArgument = tokens.at(0) === '=';
      if (isArgument) take('=');
      if (isArgument) values[name] = expression();
      else blocks.push([name, body()]);
    }
    return { values, blocks };
  };
  take('statement');
  const statement = body();
  if (tokens.length > 0) throw new Error(`HCL has ${tokens.join(' ')} behind the block`);
  return policyStatement(statement);
}

interface Body {
  readonly values: Record<string, string | readonly string[]>;
  readonly blocks: [string, Body][];
}

function tokensIn(text: string): string[] {
  const tokens: string[] = [];
  const end = text.trimEnd().length;
  TOKEN.lastIndex = 0;
  while (TOKEN.lastIndex < end) {
    const at = TOKEN.lastIndex;
    const [, ...groups] = TOKEN.exec(text) ?? [];
    const token = groups.find(Boolean);
    if (token === undefined) throw new Error(`HCL has a mark that is not known, at ${at}`);
    tokens.push(token);
  }
  return tokens;
}

function policyStatement({ values, blocks }: Body): object {
  const { sid, effect, actions, resources, ...others } = values;
  const conditions = blocks.filter(([name]) => name === 'condition').map(([, body]) => body.values);
  const principals = blocks
    .filter(([name]) => name === 'principals')
    .map(([, body]) => body.values);
  if (Object.keys(others).length > 0 || conditions.length + principals.length < blocks.length)
    throw new Error('HCL has an argument or block that a statement does not have');
  const tests = [...new Set(conditions.map(({ test }) => String(test)))];
  return {
    Sid: sid,
    Effect: effect,
    Action: actions,
    Resource: resources,
    Principal: Object.fromEntries(
      principals.map(({ type, identifiers }) => [String(type), identifiers]),
    ),
    Condition: Object.fromEntries(
      tests.map((test) => [
        test,
        Object.fromEntries(
          conditions
            .filter((each) => each.test === test)
            .map(({ variable, values: wanted }) => [String(variable), wanted]),
        ),
      ]),
    ),
  };
}
