import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { judgeInWorlds } from '../../../rule/judge/worlds.ts';
import type { Question } from '../../../rule/model/question.ts';
import type { PlannedInput } from '../../../rule/sources/planned/input.ts';
import { readTemplates, type TemplateOptions } from '../../../rule/sources/template/source.ts';

/** The content of files by their paths. */
export type Files = Readonly<Record<string, string | Buffer>>;

/** Writes files into a new folder, and removes the folder afterwards. */
export function inFolder<T>(files: Files, use: (folder: string) => T): T {
  const folder = mkdtempSync(join(tmpdir(), 'templates-'));
  try {
    for (const [name, content] of Object.entries(files)) {
      mkdirSync(dirname(join(folder, name)), { recursive: true });
      writeFileSync(join(folder, name), content);
    }
    return use(folder);
  } finally {
    rmSync(folder, { recursive: true });
  }
}

export const plainQuestion: Question = {
  requiredActions: ['kms:GenerateDataKey', 'kms:Decrypt'],
  alsoCheck: [],
  organizationId: undefined,
  exemptions: [],
  now: new Date('2026-11-26T00:00:00Z'),
};

/** The verdict on each flow log by its id, without flow logs that no world makes. */
export function judgeAll({ flowLogs, madeUp }: PlannedInput, question = plainQuestion) {
  return Object.fromEntries(
    flowLogs.flatMap((flowLog) => {
      const judged = judgeInWorlds(flowLog, question);
      if (judged === undefined) return [];
      const { outcome, reason, message } = judged.verdict;
      return [[flowLog.id, { outcome, reason, message: madeUp.inWords(message) }]];
    }),
  );
}

/** Judges the templates of a folder. */
export const judgeFiles = (
  files: Files,
  options: Partial<TemplateOptions> = {},
  question = plainQuestion,
) =>
  inFolder(files, (folder) => {
    const input = readTemplates([folder], {
      ...{ account: undefined, region: undefined, given: {} },
      ...options,
    });
    return { verdicts: judgeAll(input, question), problems: input.problems, input };
  });
