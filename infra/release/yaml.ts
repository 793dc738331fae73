import { Document, isScalar, isSeq, type Node, type Pair, Scalar, visit, type YAMLMap } from 'yaml';
import type { JsonObject } from './json.ts';

/** Functions of CloudFormation with a short form. */
const short = /^(Ref|Fn::(If|Sub|Join|Split|Select|GetAtt|Equals|Not|And|Or))$/;

/** Arguments up to this length as JSON stand on one line. */
const ONE_LINE = 90;

/** A template as YAML, with the short forms of functions and a comment at the top. */
export function templateYaml(template: JsonObject, comment = ''): string {
  // CloudFormation reads YAML 1.1, in which `off` without quotes is false.
  const document = new Document(template, { aliasDuplicateObjects: false, version: '1.1' });
  document.commentBefore = comment.replace(/^(?=.)/gm, ' ');
  visit(document, {
    Map: (_, map) => shortForm(map),
    Scalar(_, scalar) {
      // Some readers take these signs for a part of the syntax.
      if (/^[=:]/.test(String(scalar.value))) scalar.type = 'QUOTE_DOUBLE';
    },
  });
  return document.toString({ lineWidth: 0, indentSeq: false, directives: false });
}

/** The short form of a function; undefined for every other map. */
function shortForm(map: YAMLMap): Node | undefined {
  const [{ key, value } = {}, ...others] = map.items as Partial<Pair<Scalar<string>, Node>>[];
  if (others.length > 0 || key === undefined || !short.test(key.value)) return undefined;
  const tag = `!${key.value.replace('Fn::', '')}`;
  if (isSeq(value) && tag === '!GetAtt')
    return Object.assign(new Scalar(value.items.map(String).join('.')), { tag });
  if (isSeq(value)) value.flow = JSON.stringify(value).length <= ONE_LINE;
  if (isSeq(value) || isScalar(value)) return Object.assign(value, { tag });
  return undefined;
}
