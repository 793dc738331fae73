import type { Log } from 'sarif';
import type { PageData } from '../../../rule/desk/reports/html/page-data.ts';
import { formats, type Format } from '../../../rule/desk/reports/formats.ts';
import { hostileNames, hostileRun, obeyed, seen } from './hostile-names.ts';

const write = async (format: Format, name: string): Promise<string> => {
  const paint = { dim: String, red: String, yellow: String, green: String };
  const report = await formats[format]();
  return [...report(hostileRun([name]), { width: 100, paint, root: process.cwd() })].join('');
};

/** Reads the id of the flow log back, and refuses words that are not the report's own. */
const readers: Readonly<Record<Format, (text: string, name: string) => unknown>> = {
  table: (text, name) => squeezed(text).includes(squeezed(seen(name))) && seen(name),
  json: (text, name) => {
    const { flowLogs } = JSON.parse(text) as { flowLogs: readonly { flowLogId: string }[] };
    // Machines get the very name, in escapes.
    expect(flowLogs.map(({ flowLogId }) => flowLogId)).toEqual([name]);
    return seen(flowLogs[0]?.flowLogId ?? '');
  },
  csv: (text) => {
    const records = recordsOf(text);
    const cells = records.flat();
    expect(records.map(({ length }) => length)).toEqual([14, 14, 14]);
    expect(cells.filter((cell) => /^[=+\-@\t\r\n＝]/.test(cell))).toEqual([]);
    return records[1]?.[0]?.replace(/^'(?=[=+\-@\uFFFD＝])/, '');
  },
  markdown: (text) => {
    const rest = withoutCode(text);
    expect(rest).not.toMatch(/<(?!\/?(details|summary)>)/);
    expect(rest).not.toMatch(/\]\((?!https:\/\/[\w./-]+\/docs\/checks\/[a-z-]+\.md\)$)/m);
    expect(rest.replace(/\(https:\S+\.md\)|&#8203;/g, ' ')).not.toMatch(/[@#]\w|:\/\/|www\./);
    expect(rest.match(/^#.*/gm)?.length).toBe(2);
    const [, bucket = ''] = /^- Bucket: (.*)$/m.exec(text) ?? [];
    return bucket.replace(/^(`+)(.*)\1$/, '$2').replace(/^ (.*[^ ].*) $/, '$1');
  },
  sarif: (text) => {
    const results = (JSON.parse(text) as Log).runs.flatMap((run) => run.results ?? []);
    const texts = results.map(({ message }) => message.text ?? '');
    expect(texts.filter((each) => /\]\(|(?<!\{)\{(\{\{)*(?!\{)/.test(each))).toEqual([]);
    const places = results.flatMap(({ locations = [] }) => locations);
    const uris = places.map(({ physicalLocation }) => physicalLocation?.artifactLocation?.uri);
    expect(uris.filter((uri) => !/^[\w.~!*'()%/:-]+$/.test(uri ?? ''))).toEqual([]);
    return places.flatMap(({ logicalLocations = [] }) => logicalLocations)[0]?.name;
  },
  junit: (text) => {
    expect(text).not.toMatch(/&(?!#\d+;)/);
    expect(
      text.replace(/<\/?(\?xml|testsuites?|testcase|propert(y|ies)|failure|error)\b[^<>]*>/g, ''),
    ).not.toMatch(/[<>]/);
    const [, id] = /<testcase name="([^"]*)"/.exec(text) ?? [];
    return id?.replace(/&#(\d+);/g, (_, code: string) => String.fromCharCode(Number(code)));
  },
  html: (text) => {
    const [, data = ''] =
      /<script type="application\/json" id="data">([^]*?)<\/script>/.exec(text) ?? [];
    return (JSON.parse(data) as PageData).flowLogs[0]?.[0];
  },
  github: (text) => {
    const lines = text.trimEnd().split('\n');
    expect(lines.map((line) => /^::(\w+) (?:\w+=[^:,]*,?)+::(?!$)/.exec(line)?.[1])).toEqual([
      'error',
      'error',
      'notice',
    ]);
    const [, message = ''] = /^::.*?::(.*)/.exec(lines[1] ?? '') ?? [];
    const words = message.replaceAll('%0A', '\n').replaceAll('%0D', '\r').replaceAll('%25', '%');
    const [id] = words.split('\n');
    return id?.slice(0, (id.length - 2) / 2);
  },
};

/** One line without spaces: a table folds lines at spaces. */
const squeezed = (text: string): string => text.replace(/\s+/g, '');

/** The records of a text as RFC 4180 has them. */
const recordsOf = (text: string): readonly (readonly string[])[] =>
  text
    .trimEnd()
    .split(/\r\n(?=(?:[^"]*"[^"]*")*[^"]*$)/)
    .map((record) =>
      [...record.matchAll(/(?:^|,)(?:"((?:[^"]|"")*)"|([^,]*))/g)].map(
        ([, quoted, plain = '']) => quoted?.replaceAll('""', '"') ?? plain,
      ),
    );

/** Markdown without code and without escaped characters. */
const withoutCode = (text: string): string =>
  text
    .replace(/^(`{3,})\w*\n[^]*?\n\1$/gm, '')
    .replace(/\\[!-/:-@[-`{-~]|(?<!`)(`+)(?!`).*?(?<!`)\1(?!`)/g, '');

const rows = hostileNames.flatMap((name) =>
  (Object.keys(formats) as Format[]).map((format) => [JSON.stringify(name), format, name] as const),
);

describe('a hostile name', () => {
  it.each(rows)('%s stays a name in %s', async (_, format, name) => {
    const text = await write(format, name);
    const lines = format === 'csv' ? text.split('\r\n') : text.split('\n');
    expect(lines.flatMap((line) => line.match(obeyed) ?? [])).toEqual([]);
    expect(readers[format](text, name)).toBe(seen(name));
  });
});
