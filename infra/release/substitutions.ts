import { argumentsOf, isArray, isObject, type Json, joined, partsOf } from './json.ts';

/** Writes texts with references in the short form, which people can read: `arn:${AWS::Partition}:s3:::*`. */
export function withSubstitutions(json: Json): Json {
  const parts = partsOf(json);
  if (parts.length > 1) return joined(runs(parts));
  if (isArray(json)) return json.map(withSubstitutions);
  if (!isObject(json)) return json;
  return Object.fromEntries(
    Object.entries(json).map(([name, value]) => [name, withSubstitutions(value)]),
  );
}

/** Texts and references that follow each other become one substitution. */
function runs(parts: readonly Json[]): readonly Json[] {
  const done: Json[] = [];
  let run: Json[] = [];
  const end = (): void => {
    if (run.length > 1) done.push({ 'Fn::Sub': run.map((each) => inBraces(each) ?? '').join('') });
    else done.push(...run);
    run = [];
  };
  for (const part of parts) {
    if (inBraces(part) !== undefined) run.push(part);
    else {
      end();
      done.push(withSubstitutions(part));
    }
  }
  end();
  return done;
}

/** A text or a reference inside a substitution; undefined for every other function. */
function inBraces(part: Json): string | undefined {
  if (typeof part === 'string') return part.replaceAll('${', '${!');
  const [resource, attribute] = argumentsOf('Fn::GetAtt', part) ?? [];
  if (typeof resource === 'string' && typeof attribute === 'string')
    return `\${${resource}.${attribute}}`;
  return isObject(part) && typeof part.Ref === 'string' ? `\${${part.Ref}}` : undefined;
}
